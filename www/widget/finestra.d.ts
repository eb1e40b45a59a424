// What an integrator may set and listen to. See widget/EMBEDDING.md for the page around it.

/** What the CRM page knows of template variables, by name; or by template and name. */
export type TemplateData = Record<string, string | number | Record<string, string | number>>;

/**
 * A WhatsApp conversation: what was said, and the one place to answer it.
 *
 * ```html
 * <script type="module" src="https://edge.example/widget/finestra.js"></script>
 * <finestra-thread sender="milano" customer="+39 347 123 4567"></finestra-thread>
 * ```
 *
 * Attributes: `sender` and `customer` (both required), `edge`, `lang`, `theme`. Changing one shows the other
 * conversation, language or appearance at once.
 */
export interface FinestraThreadElement extends HTMLElement {
  /**
   * Gives a token for the agent who is logged in, signed by the CRM's own back end. Asked for whenever
   * one is needed: give a short-lived one, and a new one each time. Required, and never an attribute, so
   * that no token lies in the document.
   */
  getToken: () => Promise<string>;

  /** Prefills the fields of templates. Read when the agent chooses a template. */
  data?: TemplateData;
}

/** The agent sees the conversation. */
export type ReadyEvent = CustomEvent<{
  /** The thread's opaque name, as in the REST API. */
  thread: string;
}>;

/** The 24-hour window opened, closed, or closes at another time. */
export type WindowEvent = CustomEvent<{
  open: boolean;
  /** When it closes, by the edge's clock: milliseconds since 1970; `null` when closed. */
  closesAt: number | null;
}>;

/** A message appeared that nobody here has seen. */
export type MessageEvent = CustomEvent<{
  /** The message's name, as in the REST API. */
  id: string;
  direction: "inbound" | "outbound";
}>;

/** The edge has taken what the agent sent; it is on its way. */
export type SentEvent = CustomEvent<{ id: string; thread: string }>;

/** The rule refused what the agent sent, or WhatsApp gave it back. */
export type RefusedEvent = CustomEvent<{
  /** Why: `window-closed`, `opted-out`, `no-opt-in`, `template-not-approved`, … */
  code: string;
  /** What to do instead: `send-template`, `record-opt-in`, `wait-for-customer`, … */
  remedy: string;
}>;

/** The connection is there, or is not. */
export type ConnectionEvent = CustomEvent<{
  /**
   * `live`; `connecting`; `lost`: tries again by itself; `token`: the edge does not take the token;
   * `outdated`: a new build is being loaded; `shut`: not this conversation, not from this page.
   */
  state: "live" | "connecting" | "lost" | "token" | "outdated" | "shut";
  thread: string;
}>;

/** All of them bubble and cross shadow roots. */
export interface FinestraEventMap {
  "finestra-ready": ReadyEvent;
  "finestra-window": WindowEvent;
  "finestra-message": MessageEvent;
  "finestra-sent": SentEvent;
  "finestra-refused": RefusedEvent;
  "finestra-connection": ConnectionEvent;
}

declare global {
  interface HTMLElementTagNameMap {
    "finestra-thread": FinestraThreadElement;
  }
  interface HTMLElementEventMap extends FinestraEventMap {}
  interface DocumentEventMap extends FinestraEventMap {}
  interface WindowEventMap extends FinestraEventMap {}
}
