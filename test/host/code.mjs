#!/usr/bin/env node
// Stands in for the VS Code executable where desktop VS Code cannot be had: takes the same arguments, uses the web workbench.
import { register } from 'tsx/esm/api';

register();
await import('./code.ts');
