import { suite } from '../conformance/suite.js';

suite(-1);
