import { Injectable } from '@nestjs/common';
export const nest = Injectable;
