/** Turns fault injection on and off: off while the stack is loaded and when the runtime stops. */
export class FaultSwitch {
  readonly #off = new AbortController();
  #isOn = false;

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Aborts when fault injection ends, so that delayed calls continue. */
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
