// Server-sent events out of text that arrives in pieces (HTML, "Interpreting an event stream").

export interface ServerEvent {
  id: string | null;  // the last that was sent, by this event or one before
  type: string;
  data: string;
}

export class EventParser {
  private rest = '';
  private id: string | null = null;
  private type = '';
  private data: string[] = [];

  // The events that this piece completes.
  take(piece: string): ServerEvent[] {
    // A carriage return at the end may be half of a CR LF.
    const text = this.rest + piece;
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.line(line));
  }

  private line(line: string): ServerEvent[] {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'id' && !value.includes('\0')) this.id = value;
    if (name === 'event') this.type = value;
    if (name === 'data') this.data.push(value);
    return [];
  }

  private dispatch(): ServerEvent[] {
    const event = {id: this.id, type: this.type || 'message', data: this.data.join('\n')};
    const isEmpty = this.data.length === 0;
    this.type = '';
    this.data = [];
    return isEmpty ? [] : [event];
  }
}
