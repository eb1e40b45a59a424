//! What can happen to a widget, and what it then wants done? [`Message`]s go into
//! [`crate::update::update`], [`Effect`]s come out; both are plain data, so the whole of the
//! widget's behaviour is tested without a browser.

use shared::id::{ClientId, MessageId, TemplateId, ThreadId};
use shared::template::Value;
use shared::thread::Choice;
use shared::time::Timestamp;

/// Something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The element is in the page.
    Started,
    /// The edge gave a ticket for the thread.
    Ticket {
        /// The thread.
        thread: ThreadId,
        /// Where its socket is.
        socket: String,
        /// The ticket.
        ticket: String,
    },
    /// The edge gave none, or could not be reached (status 0).
    TicketRefused {
        /// The status of the answer.
        status: u16,
        /// The problem's code; may be empty.
        code: String,
    },
    /// What this browser tab remembers of the thread.
    Restored {
        /// What the agent was writing.
        draft: String,
        /// Texts that were on their way to the edge.
        sending: Vec<(ClientId, String)>,
    },
    /// A binary frame came in.
    Received(Vec<u8>),
    /// The heartbeat was answered.
    Pong,
    /// The socket was closed, by whomever.
    Closed(u16),
    /// A second went by, or the page came back into view or online.
    Tick {
        /// Whether there is a reason to try the connection at once.
        woken: bool,
    },
    /// The agent typed.
    Typed(String),
    /// The agent wants the draft sent.
    Submit(ClientId),
    /// The agent wants a failed message sent again.
    SendAgain {
        /// The name of the new message.
        client: ClientId,
        /// The failed one.
        message: MessageId,
    },
    /// The agent wants something that never reached the edge sent again.
    Resend(ClientId),
    /// The agent lets go of something that never reached the edge.
    Discard(ClientId),
    /// The agent says what became of an unconfirmed message.
    Decide {
        /// The name of the decision.
        client: ClientId,
        /// The message.
        message: MessageId,
        /// What became of it.
        choice: Choice,
    },
    /// The agent has read why a text came back.
    Dismiss,
    /// The agent wants to see the newest messages.
    ToEnd,
    /// The list was scrolled.
    Scrolled {
        /// Whether it is at its beginning.
        top: bool,
        /// Whether it is at its end.
        bottom: bool,
    },
    /// The agent wants to see what may be another person's history.
    Reveal,
    /// A dialog is wanted: `picker`, `consent`.
    Open(&'static str),
    /// The template picker is in the page.
    PickerOpened,
    /// The dialog that is open is not wanted any more.
    PickerClosed,
    /// The agent is looking for a template.
    Searched(String),
    /// The agent chose a template.
    Chosen {
        /// The template.
        template: TemplateId,
        /// Its language.
        language: String,
    },
    /// What the CRM page knows of the chosen template's variables.
    Known(Vec<Value>),
    /// The agent goes back to the list of templates.
    Back,
    /// The agent filled in a variable.
    Filled(Value),
    /// The agent wants the template sent.
    SubmitTemplate(ClientId),
    /// The agent recorded an opt-in.
    OptIn {
        /// The name of the record.
        client: ClientId,
        /// Where the customer agreed.
        source: String,
        /// What they agreed to.
        wording: String,
    },
}

/// Something is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Ask the edge for a ticket.
    GetTicket,
    /// Recall what this browser tab knows of the thread: answered by [`Message::Restored`].
    Recall(ThreadId),
    /// Open the socket with this opening.
    Open {
        /// Where.
        socket: String,
        /// The second subprotocol.
        opening: String,
    },
    /// Close the socket without waiting for the other side.
    Close,
    /// Send a binary frame.
    Send(Vec<u8>),
    /// Send the heartbeat.
    Ping,
    /// Load the widget again: the edge speaks another build's protocol.
    Reload,
    /// Remember the draft.
    KeepDraft,
    /// Remember a text that is on its way.
    Keep(ClientId, String),
    /// It arrived, or was given up.
    Forget(ClientId),
    /// Open a dialog.
    OpenDialog(&'static str),
    /// Close what is open.
    CloseDialog,
    /// Ask the CRM page what it knows of these variables of this template: answered by
    /// [`Message::Known`].
    AskPage(TemplateId, Vec<Value>),
    /// Tell the page around the widget.
    Emit(News),
    /// Tell those who listen to the screen.
    Announce(Announcement),
    /// Bring the end of the list into view.
    ToEnd,
    /// Put the cursor into the composer.
    FocusComposer,
}

/// What is to be done, in order.
#[derive(Debug, Default)]
pub struct Effects(pub Vec<Effect>);

impl Effects {
    /// One more. Kept apart: written out at each of its many uses, growing the list would be the
    /// better part of `update`.
    #[inline(never)]
    pub fn push(&mut self, effect: Effect) {
        self.0.push(effect);
    }
}

/// What the page around the widget is told: its `finestra-…` events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The conversation is shown.
    Ready,
    /// The window opened, closed or moved.
    Window {
        /// When it closes; `None`: it is closed.
        closes_at: Option<Timestamp>,
    },
    /// A message appeared.
    Message {
        /// Which.
        id: MessageId,
        /// Whether the customer wrote it.
        inbound: bool,
    },
    /// The edge took what the agent sent.
    Sent {
        /// The message it became.
        id: MessageId,
    },
    /// The rule refused it.
    Refused {
        /// Why.
        code: &'static str,
        /// What to do instead.
        remedy: &'static str,
    },
    /// The connection is there, or is not.
    Connection {
        /// `live`, `connecting`, `lost`, …: see [`crate::link::Link::code`].
        state: &'static str,
    },
}

/// What those who listen to the screen are told, and no more often than is of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announcement {
    /// The window closes within an hour, ten minutes, a minute.
    Closing,
    /// It has closed.
    Closed,
    /// It is open (again).
    Opened,
}
