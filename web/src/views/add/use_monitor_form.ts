import {useLayoutEffect, useState} from 'preact/hooks';
import {ApiError, wordsOf} from '../../api/errors';
import {FieldError, type MonitorForm} from '../../model/monitor_form';

// A form, what is wrong with it by member, and a way to send it.
export function useMonitorForm(initial: MonitorForm) {
  const [form, setForm] = useState(initial);
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  useLayoutEffect(focusWrong, [wrong]);
  const change = (part: Partial<MonitorForm>) => setForm((before) => ({...before, ...part}));
  const send = async (what: () => Promise<void>) => {
    setWrong({});
    setBusy(true);
    try {
      await what();
    } catch (error) {
      setWrong({[fieldOf(error)]: wordsOf(error)});
    } finally {
      setBusy(false);
    }
  };
  return {form, change, wrong, busy, send};
}

const members = ['url', 'name', 'program', 'variant', 'detectors', 'options', 'profile', 'priority', 'labels', 'timeout_s',
  'stalled_after_s', 'maintenance'];

// The field that shows the error: '' for none in particular.
function fieldOf(error: unknown): string {
  if (error instanceof FieldError) return error.member;
  const member = error instanceof ApiError ? error.member : null;
  if (member === null) return '';
  if (members.includes(member)) return member;
  if (document.getElementById(member)) return member;
  const first = member.split('.')[0]!;
  return members.includes(first) ? first : '';
}

function focusWrong(): void {
  document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
