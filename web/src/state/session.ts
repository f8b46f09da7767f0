// Who is asking: the token, if the service wants one, and what it may do.

import {signal} from '@preact/signals';

const storageKey = 'monolens.token';

export const token = signal(sessionStorage.getItem(storageKey) ?? localStorage.getItem(storageKey) ?? '');

// The service has refused the token that was sent, or that there was none.
export const needsToken = signal(false);

export function setToken(text: string, remember: boolean): void {
  forgetToken();
  (remember ? localStorage : sessionStorage).setItem(storageKey, text);
  token.value = text;
  needsToken.value = false;
}

export function forgetToken(): void {
  sessionStorage.removeItem(storageKey);
  localStorage.removeItem(storageKey);
  token.value = '';
}

export function refuseToken(): void {
  needsToken.value = true;
}
