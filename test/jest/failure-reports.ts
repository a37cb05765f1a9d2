import fc from 'fast-check';

// The runner prints the stack of an error without its cause, which is where a property keeps what failed.
fc.configureGlobal({ includeErrorInReport: true });
