//! How are several things done at once? By asking each again whenever one of them may have got on.
//!
//! `join_all` is there anew for each kind of thing that is waited for, with a queue made for thousands
//! of them. Here it is a few, rarely hundreds, and what waits for them is there once.

use futures_util::future::LocalBoxFuture;
use std::future::{Future, poll_fn};
use std::task::Poll;

/// Does several things side by side, until all are done.
pub fn each(mut deeds: Vec<LocalBoxFuture<'_, ()>>) -> impl Future<Output = ()> {
    poll_fn(move |context| {
        deeds.retain_mut(|deed| deed.as_mut().poll(context).is_pending());
        if deeds.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
}

/// Does several things side by side: what came of each, in their order.
pub async fn all<T>(deeds: Vec<LocalBoxFuture<'_, T>>) -> Vec<T> {
    let mut came: Vec<Option<T>> = deeds.iter().map(|_| None).collect();
    let places = came.iter_mut().zip(deeds);
    let kept = places.map(|(place, deed)| -> LocalBoxFuture<'_, ()> {
        Box::pin(async move { *place = Some(deed.await) })
    });
    each(kept.collect()).await;
    came.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;
    use std::cell::Cell;

    #[test]
    fn what_came_is_in_order_whoever_is_done_first() {
        let rounds = Cell::new(0);
        // The first is done when the others have been asked twice.
        let slow = poll_fn(|_| match rounds.get() {
            4.. => Poll::Ready('a'),
            _ => Poll::Pending,
        });
        let quick = |name: char| {
            let rounds = &rounds;
            let mut asked = 0;
            poll_fn(move |_| {
                asked += 1;
                rounds.set(rounds.get() + 1);
                if asked == 2 {
                    Poll::Ready(name)
                } else {
                    Poll::Pending
                }
            })
        };
        let deeds: Vec<LocalBoxFuture<'_, char>> =
            vec![Box::pin(slow), Box::pin(quick('b')), Box::pin(quick('c'))];
        let mut all = Box::pin(all(deeds));
        assert_eq!(all.as_mut().now_or_never(), None);
        assert_eq!(all.as_mut().now_or_never(), None);
        assert_eq!(all.as_mut().now_or_never(), Some(vec!['a', 'b', 'c']));
        assert_eq!(each(Vec::new()).now_or_never(), Some(()));
    }
}
