import type {ComponentChildren} from 'preact';

interface Props {
  id: string;
  title: string;
  help?: string | undefined;
  wrong?: string | undefined;  // the service's words, or the form's
  children: (described: {id: string; 'aria-describedby': string; 'aria-invalid': boolean}) => ComponentChildren;
}

// A labelled control with its help, and with what is wrong with it.
export function Field({id, title, help, wrong, children}: Props) {
  return (
    <div class={wrong ? 'field field-wrong' : 'field'}>
      <label for={id}>{title}</label>
      {children({id, 'aria-describedby': `${id}-help`, 'aria-invalid': !!wrong})}
      <p id={`${id}-help`} class={wrong ? 'wrong' : 'help'} role={wrong ? 'alert' : undefined}>{wrong ?? help}</p>
    </div>
  );
}
