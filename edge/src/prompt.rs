//! How is a webhook carried through what it waits for? By polling it in the very step in which a
//! promise is kept.
//!
//! The usual executor puts everything that wakes up into a queue, and the queue into a microtask of its
//! own: a step into JavaScript and back for each promise, and for each request one more to begin with.
//! Here a request is begun at once and goes on as soon as what it waits for is there. What wakes it
//! otherwise, a timer for instance, goes through that queue as usual.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use worker::js_sys::{Function, Promise};
use worker::wasm_bindgen::JsValue;
use worker::wasm_bindgen::closure::Closure;
use worker::wasm_bindgen_futures::spawn_local;

/// What came of a promise.
type Kept = Result<JsValue, JsValue>;

/// What JavaScript is to be told of, and how: `resolve` and `reject` of a promise.
type Told = Rc<RefCell<Option<(Function, Function)>>>;

type Deed = Rc<RefCell<Pin<Box<dyn Future<Output = Kept>>>>>;

thread_local! {
    /// What is under way, by number: a handful, and no number comes twice.
    static DEEDS: RefCell<Vec<(u32, Deed, Told)>> = const { RefCell::new(Vec::new()) };
    static LAST: Cell<u32> = const { Cell::new(0) };
    /// Whether what wakes a deed now is a promise that was kept: then nothing else is on the stack.
    static KEPT: Cell<bool> = const { Cell::new(false) };
}

/// Wakes the deed of this number.
struct Bell(u32);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        let number = self.0;
        if KEPT.take() {
            go_on(number);
        } else {
            spawn_local(async move { go_on(number) });
        }
    }
}

/// Begins a deed, and answers what it came to, or a promise of that.
///
/// # Errors
/// What it failed with, if it failed at once.
pub fn begin(deed: impl Future<Output = Kept> + 'static) -> Kept {
    let number = LAST.get().wrapping_add(1);
    LAST.set(number);
    let mut deed: Pin<Box<dyn Future<Output = Kept>>> = Box::pin(deed);
    let waker = Waker::from(Arc::new(Bell(number)));
    if let Poll::Ready(done) = deed.as_mut().poll(&mut Context::from_waker(&waker)) {
        return done;
    }
    let told = Told::default();
    let promise = Promise::new(&mut |resolve, reject| {
        told.replace(Some((resolve, reject)));
    });
    let deed = Rc::new(RefCell::new(deed));
    DEEDS.with_borrow_mut(|deeds| deeds.push((number, deed, told)));
    Ok(promise.into())
}

fn go_on(number: u32) {
    let under_way = DEEDS.with_borrow(|deeds| {
        let found = deeds.iter().find(|(known, ..)| *known == number);
        found.map(|(_, deed, told)| (deed.clone(), told.clone()))
    });
    let Some((deed, told)) = under_way else {
        return;
    };
    let waker = Waker::from(Arc::new(Bell(number)));
    let polled = match deed.try_borrow_mut() {
        Ok(mut deed) => deed.as_mut().poll(&mut Context::from_waker(&waker)),
        // Woken while it is being polled: once more, afterwards.
        Err(_) => return waker.wake(),
    };
    if let Poll::Ready(done) = polled {
        DEEDS.with_borrow_mut(|deeds| deeds.retain(|(known, ..)| *known != number));
        if let Some((resolve, reject)) = told.take() {
            let (tell, what) = match done {
                Ok(answer) => (resolve, answer),
                Err(error) => (reject, error),
            };
            // It throws for nothing that can be told.
            let _ = tell.call1(&JsValue::UNDEFINED, &what);
        }
    }
}

/// A promise that is waited for.
pub struct Waiting(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    kept: Option<Kept>,
    waker: Option<Waker>,
    /// Held until one of them is called.
    callbacks: Option<[Callback; 2]>,
}

/// What JavaScript calls when a promise is kept, or broken.
type Callback = Closure<dyn FnMut(JsValue)>;

impl Waiting {
    /// Waits for a promise.
    #[must_use]
    pub fn on(promise: &Promise) -> Self {
        let state = Rc::new(RefCell::new(State::default()));
        let callback = |kept: fn(JsValue) -> Kept| {
            let state = state.clone();
            Closure::once(move |value: JsValue| {
                let waker = {
                    let mut state = state.borrow_mut();
                    state.kept = Some(kept(value));
                    state.callbacks = None;
                    state.waker.take()
                };
                if let Some(waker) = waker {
                    KEPT.set(true);
                    waker.wake();
                    KEPT.set(false);
                }
            })
        };
        let callbacks = [callback(Ok), callback(Err)];
        let [resolved, rejected] = &callbacks;
        let _ = promise.then2(resolved, rejected);
        state.borrow_mut().callbacks = Some(callbacks);
        Self(state)
    }
}

impl Future for Waiting {
    type Output = Kept;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Kept> {
        let mut state = self.0.borrow_mut();
        match state.kept.take() {
            Some(kept) => Poll::Ready(kept),
            None => {
                state.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}
