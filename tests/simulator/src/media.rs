//! Is a medium one that WhatsApp takes, and what are its bytes?

use crate::simulator::Simulator;

const IMAGE_LIMIT: usize = 5 * 1024 * 1024;
const LIMIT: usize = 16 * 1024 * 1024;

/// Fetches the media of a message as Twilio does before handing it on. The code it fails with, if any.
pub async fn check(simulator: &Simulator, sid: &str) -> Option<u32> {
    let sources: Vec<(usize, String)> = {
        let world = simulator.world();
        let media = world
            .messages
            .get(sid)
            .map(|message| message.media.as_slice())
            .unwrap_or_default();
        let sources = media.iter().enumerate();
        sources
            .filter_map(|(at, media)| Some((at, media.source.clone()?)))
            .collect()
    };
    for (at, source) in sources {
        let receipt = simulator.courier.get(&source).await;
        if receipt.status != Some(200) || receipt.body.is_empty() {
            return Some(63019);
        }
        let content_type = receipt
            .content_type
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned();
        let limit = if content_type.starts_with("image/") {
            IMAGE_LIMIT
        } else {
            LIMIT
        };
        if receipt.body.len() > limit {
            return Some(63034);
        }
        if !accepted(&content_type) {
            return Some(63021);
        }
        let mut world = simulator.world();
        if let Some(media) = world
            .messages
            .get_mut(sid)
            .and_then(|message| message.media.get_mut(at))
        {
            media.content_type = content_type;
        }
    }
    None
}

/// What WhatsApp accepts.
pub fn accepted(content_type: &str) -> bool {
    matches!(
        content_type,
        "image/jpeg"
            | "image/jpg"
            | "image/png"
            | "image/webp"
            | "audio/ogg"
            | "audio/amr"
            | "audio/3gpp"
            | "audio/aac"
            | "audio/mpeg"
            | "audio/mp4"
            | "video/mp4"
            | "video/3gpp"
            | "application/pdf"
            | "application/msword"
            | "text/plain"
            | "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            | "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            | "application/vnd.ms-excel"
            | "application/vnd.ms-powerpoint"
            | "text/vcard"
            | "text/x-vcard"
    )
}

/// Bytes for a medium that nobody provided: small, valid, of the kind its type says.
pub fn made_up(content_type: &str) -> Vec<u8> {
    match content_type {
        "image/png" => include_bytes!("../phone/picture.png").to_vec(),
        "image/jpeg" | "image/jpg" => include_bytes!("../phone/picture.jpg").to_vec(),
        "image/webp" => include_bytes!("../phone/picture.webp").to_vec(),
        "application/pdf" => b"%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n".to_vec(),
        "text/vcard" | "text/x-vcard" => b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Demo\r\nEND:VCARD\r\n".to_vec(),
        _ => vec![0; 64],
    }
}
