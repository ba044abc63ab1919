export { demoAccessToken } from './code-flow.js';
export { seedDemo, type DemoData, type Seeding } from './seed-demo.js';
export { type CatalogueSchool, type DemoPlan, type DemoSchool, type DemoTrainee, planDemo } from './plan.js';
export { Chance, demoId } from './random.js';
export { demoPeople, type Introduced } from './demo-people.js';
