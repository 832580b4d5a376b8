import type { Locator, Page } from 'playwright-core';

const furthest = 60;

/** Reaches things as a person without a mouse does: by Tab, from where the focus is. */
export class Keyboard {
  constructor(private readonly page: Page) {}

  async type(target: string | Locator, text: string): Promise<void> {
    await this.reach(target);
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.type(text);
  }

  async press(target: string | Locator, key = 'Enter'): Promise<void> {
    await this.reach(target);
    await this.page.keyboard.press(key);
  }

  /** The form under the fingers is sent. */
  async enter(): Promise<void> {
    await this.page.keyboard.press('Enter');
  }

  private async reach(target: string | Locator): Promise<void> {
    const wanted = typeof target === 'string' ? this.page.getByTestId(target) : target;
    const focused = this.page.locator(':focus');
    await wanted.waitFor();
    for (let tabs = 0; tabs < furthest; tabs++) {
      if ((await wanted.and(focused).count()) === 1) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`The keyboard does not reach ${wanted.toString()}.`);
  }
}
