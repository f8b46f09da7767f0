// Debian's Chromium, driven by the playwright-core that web/package.json names.

import {createRequire} from 'node:module';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const {chromium} = require('playwright-core');

export const axeSource = () => require('axe-core').source;

export const desktop = {width: 1440, height: 900};
export const phone = {width: 390, height: 844};

export function launch() {
  return chromium.launch({
    executablePath: process.env.MONOLENS_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'],
  });
}

// A page of its own profile that notes what went wrong in it.
export async function open(browser, {viewport = desktop, ...more} = {}) {
  const context = await browser.newContext({viewport, locale: 'en-GB', timezoneId: 'Europe/Berlin', ...more});
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.complaints = [];
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('console', (message) => {
    // A status is no mistake of the page, and the tests make many on purpose.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) page.complaints.push(message.text());
  });
  return page;
}
