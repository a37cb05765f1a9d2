/** Whether faults happen at all: not while the stack is loaded, nor when the runtime stops. */
export class FaultSwitch {
  readonly #off = new AbortController();
  #isOn = false;

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Aborts when faults end for good, so that no call is held up any longer. */
  get off(): AbortSignal {
    return this.#off.signal;
  }

  turnOn(): void {
    this.#isOn = !this.#off.signal.aborted;
  }

  turnOff(): void {
    this.#isOn = false;
    this.#off.abort();
  }
}
