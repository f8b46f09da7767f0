// Draws an item when there is time: many of them that change at once are drawn a few at a time.

import {Component, type ComponentChild} from 'preact';
import {forget, soon} from '../state/slices';

interface Props<T> {
  item: T;
  render: (item: T) => ComponentChild;
}

export class Patient<T> extends Component<Props<T>> {
  private drawn: T | null = null;
  private latest: T = this.props.item;
  private readonly draw = () => {
    this.drawn = this.latest;
    this.forceUpdate();
  };

  override componentDidMount(): void {
    soon(this.draw);
  }

  override shouldComponentUpdate({item}: Props<T>): boolean {
    this.latest = item;
    if (item !== this.drawn) soon(this.draw);
    return false;
  }

  override componentWillUnmount(): void {
    forget(this.draw);
  }

  override render() {
    return this.drawn === null ? null : this.props.render(this.drawn);
  }
}
