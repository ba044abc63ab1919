export class BModule {}
