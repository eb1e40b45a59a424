//! What did a form with a file send? `multipart/form-data`, read into the same parameters as any other
//! form; a file is a parameter whose value is its text.

use shared::twilio::form::Form as Params;

/// Reads a body by the content type it was declared with. `None` if it is none that forms send, or is
/// not text.
#[must_use]
pub fn read(content_type: &str, body: &[u8]) -> Option<Params> {
    if content_type.starts_with("application/x-www-form-urlencoded") {
        return shared::twilio::form::parse(body).ok();
    }
    if !content_type.starts_with("multipart/form-data") {
        return None;
    }
    let (_, boundary) = content_type.split_once("boundary=")?;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    if boundary.is_empty() {
        return None;
    }
    let body = core::str::from_utf8(body).ok()?;
    let mark = ["--", boundary].concat();
    let mut params = Vec::new();
    // What stands before the first mark is nothing, and the last is followed by `--`.
    for part in body.split(mark.as_str()).skip(1) {
        let Some((head, value)) = part.split_once("\r\n\r\n") else {
            continue;
        };
        let name = head
            .split_once(" name=\"")
            .and_then(|(_, rest)| rest.split_once('"'));
        if let Some((name, _)) = name {
            let value = value.strip_suffix("\r\n").unwrap_or(value);
            params.push((name.to_string(), value.to_string()));
        }
    }
    Some(Params::new(params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_like_any_field() {
        let body = "--x9\r\nContent-Disposition: form-data; name=\"do\"\r\n\r\nimport\r\n\
            --x9\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a name=\\\"b.json\"\r\n\
            Content-Type: application/json\r\n\r\n{\"a\":\r\n1}\r\n\r\n--x9--\r\n";
        let form = read("multipart/form-data; boundary=x9", body.as_bytes()).unwrap();
        assert_eq!(form.get("do"), Some("import"));
        assert_eq!(form.get("file"), Some("{\"a\":\r\n1}\r\n"));
        assert_eq!(form.params().len(), 2);
    }

    #[test]
    fn what_no_form_sends_is_nothing() {
        assert!(read("text/plain", b"do=import").is_none());
        assert!(read("multipart/form-data", b"--x").is_none());
        assert!(read("multipart/form-data; boundary=x", &[0xff]).is_none());
        let plain = read("application/x-www-form-urlencoded", b"do=x&a=1").unwrap();
        assert_eq!(plain.get("a"), Some("1"));
    }
}
