#!/usr/bin/env node
console.log('hi', process.version, import.meta.url, process.argv);
