//! How are requests taken in? One listener, all routes, and a way to lose an answer.
//!
//! A lost answer needs more than a handler: the connection is closed although the work was done. Connections
//! are therefore served here and not by `axum::serve`.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Uri;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tower_service::Service;

use crate::simulator::Simulator;
use crate::twilio::problem::Problem;
use crate::{control, phone, twilio};

/// An extension of a response that must not reach its client.
#[derive(Debug, Clone, Copy)]
pub struct LostAnswer;

/// Every path. What Twilio does not know, it answers with 20404.
pub fn router(simulator: Arc<Simulator>) -> Router {
    Router::new()
        .merge(twilio::routes(&simulator))
        .merge(control::routes())
        .merge(phone::routes())
        .fallback(|uri: Uri| async move { Problem::not_found(uri.path()) })
        .method_not_allowed_fallback(|| async { Problem::of(20004) })
        .with_state(simulator)
}

/// Serves until the listener fails.
pub async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    loop {
        let (socket, _) = listener.accept().await?;
        // Not essential, and not every kind of socket knows it.
        let _ = socket.set_nodelay(true);
        let router = router.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(router.clone(), request));
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(socket), service);
            // A client that goes away in the middle is its own business.
            let _ = connection.await;
        });
    }
}

async fn answer(
    mut router: Router,
    request: hyper::Request<Incoming>,
) -> Result<Response, io::Error> {
    let request: Request = request.map(Body::new);
    let response = match router.call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    match response.extensions().get::<LostAnswer>() {
        Some(LostAnswer) => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
        None => Ok(response),
    }
}
