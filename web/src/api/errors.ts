import type {Problem} from './types';

// An answer that is no success, or none at all (status 0), in words for a person.
export class ApiError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
    this.name = 'ApiError';
  }

  // The member that `detail` names first, as in "'url' names a file" or "'freeze.duration_s' must be …".
  get member(): string | null {
    return /'([a-z_][\w.]*)'/i.exec(this.message)?.[1] ?? null;
  }

  // The service has no such thing: an older service, or nothing of that id yet.
  get isMissing(): boolean {
    return this.status === 404 || this.status === 405;
  }
}

export async function errorOf(answer: Response): Promise<ApiError> {
  let words = `${answer.status} ${answer.statusText}`.trim();
  try {
    const problem = (await answer.json()) as Problem;
    words = problem.detail ?? problem.title ?? words;
  } catch {
    // Not a problem document, as from a proxy: the status has to do.
  }
  return new ApiError(answer.status, words);
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.isMissing;
}
