/** Reads server-sent events off a response, for tests. */
export type ServerEvent = { readonly event: string; readonly id: string | undefined; readonly data: unknown };

export class EventReader {
  readonly events: ServerEvent[] = [];
  readonly comments: string[] = [];
  ended = false;
  readonly #gone = new AbortController();
  readonly status: Promise<number>;

  constructor(url: string, headers: Record<string, string>) {
    const answer = fetch(url, { headers, signal: this.#gone.signal });
    this.status = answer.then((response) => response.status);
    void answer.then((response) => this.#read(response)).catch(() => (this.ended = true));
  }

  close(): void {
    this.#gone.abort();
  }

  /** Data of the events of one kind. */
  of<T = Record<string, unknown>>(name: string): T[] {
    return this.events.filter(({ event }) => event === name).map(({ data }) => data as T);
  }

  get ids(): (string | undefined)[] {
    return this.events.filter(({ event }) => event === "message").map(({ id }) => id);
  }

  async #read(response: Response): Promise<void> {
    if (!response.body) return;
    let text = "";
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        this.#take(text.slice(0, end));
        text = text.slice(end + 2);
      }
    }
    this.ended = true;
  }

  #take(block: string): void {
    if (block.startsWith(":")) return void this.comments.push(block);
    const field = (name: string): string | undefined =>
      block
        .split("\n")
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    const event = field("event");
    if (event) this.events.push({ event, id: field("id"), data: JSON.parse(field("data") ?? "null") });
  }
}
