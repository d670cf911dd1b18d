import { el } from './dom.ts';
import { DAY, period } from './format.ts';

/** The age of an assumed lifecycle rule "expire objects older than …", the same in all views of the page. */
export class AgeRule {
  /** Milliseconds, ascending; only whole days, as in S3 lifecycle rules. */
  readonly #ages: readonly number[];
  #at: number;
  #changed: (() => void)[] = [];

  constructor(bounds: readonly number[]) {
    this.#ages = bounds.filter((bound) => bound >= DAY);
    this.#at = Math.max(0, this.#ages.indexOf(7 * DAY));
  }

  get age(): number {
    return this.#ages[this.#at] ?? DAY;
  }

  /** Listeners of the view that is shown; the next view starts without listeners. */
  onChange(changed: () => void): void {
    this.#changed.push(changed);
  }

  forget(): void {
    this.#changed = [];
  }

  control(): HTMLElement {
    const output = el('output', { for: 'age-rule' }, period(this.age));
    const slider = el('input', {
      id: 'age-rule',
      type: 'range',
      min: 0,
      max: this.#ages.length - 1,
      step: 1,
      value: this.#at,
      'aria-valuetext': period(this.age),
      input: () => {
        this.#at = Number(slider.value);
        output.textContent = period(this.age);
        slider.setAttribute('aria-valuetext', period(this.age));
        for (const changed of this.#changed) changed();
      },
    });
    return el(
      'p',
      { class: 'age-rule' },
      el('label', { for: 'age-rule' }, 'Expire objects older than'),
      slider,
      output,
    );
  }
}
