import Iterator from 'leveldown/iterator.js';

const { _next: next, _end: end } = Iterator.prototype;
/** Kept until the process ends: the binding aborts when one of them is collected. */
const failed = new Set<Iterator>();
let isChanged = false;

/**
 * Makes reads of a damaged LevelDB fail. leveldown 5.6 takes an iterator whose read failed for one that still reads, and
 * waits for it for ever when it is to end: the stream over it neither ends nor fails. Closing the database waits too, so
 * do not close one of which a read failed.
 */
export function endFailedIterators(): void {
  if (isChanged) return;
  isChanged = true;
  Iterator.prototype._next = function (callback) {
    return next.call(this, (error, ...entry) => {
      if (error) keep(this);
      callback(error, ...entry);
    });
  };
  Iterator.prototype._end = function (callback) {
    if (failed.has(this)) process.nextTick(callback);
    else end.call(this, callback);
  };
}

function keep(iterator: Iterator): void {
  // The binding aborts also when the process ends by itself. Not so when it is told to.
  if (failed.size === 0) process.once('exit', (code) => process.exit(code));
  failed.add(iterator);
}
