// Written by npm run generate from what stands in the folders; do not edit.
export const features = {} as const;
