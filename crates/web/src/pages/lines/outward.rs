//! Sentences about what goes out: pages, messages, rooms; and who came in.

use super::Words;

/// Returns the symbol and the sentence of an entry about a page, a message, a room or a sign-in; `None` for others.
pub(super) fn sentence(words: &Words<'_>) -> Option<(&'static str, String)> {
    let get = |name: &str| words.get(name);
    let what = || match get("message_kind").as_str() {
        "page" => "page",
        "acknowledge" | "resolve" => "word that it is over",
        _ => "message",
    };
    Some(match words.entry.kind {
        "page.begun" => ("oncall", format!("began a page, {}.", get("policy"))),
        "page.told" => ("oncall", format!("paged {} through {}.", words.person("person"), get("through"))),
        "page.acknowledged" if get("person") == words.entry.actor.id() => ("check", "answered the page.".to_owned()),
        "page.acknowledged" => ("check", format!("took the answer of {} to the page.", words.person("person"))),
        "page.expired" => ("clock", format!("waited for an answer at {} in vain.", get("step"))),
        "page.escalated" => ("oncall", format!("went on with the page to {}.", get("step"))),
        "page.exhausted" => ("warn", "got no answer at any step of the page: its fallback is told.".to_owned()),
        "page.nobody" => ("warn", format!("found nobody to page at {}.", get("step"))),
        "page.skipped" => ("hold", format!("passed {} over: {}.", words.person("person"), get("why"))),
        "page.withdrawn" => ("cross", "withdrew the page.".to_owned()),
        "message.delivered" => ("comms", format!("delivered a {} through {}.", what(), get("channel"))),
        "message.retry" => (
            "hold",
            format!("could not deliver a {} through {} yet; that was attempt {}.", what(), get("channel"), get("attempt")),
        ),
        "message.refused" => ("failed", format!("had a {} refused by {}.", what(), get("channel"))),
        "message.unknown" => ("warn", format!("does not know whether a {} arrived through {}.", what(), get("channel"))),
        "message.rerouted" => ("comms", format!("sends a {} another way than {}: {}.", what(), get("channel"), get("why"))),
        "message.unreachable" => ("failed", format!("could not deliver a {} by any way: {}.", what(), get("why"))),
        "room.opened" => ("comms", format!("made a place to meet in {}.", get("channel"))),
        "room.invited" => ("people", format!("invited {} in {}.", get("people"), get("channel"))),
        "room.removed" => ("people", format!("removed {} in {}.", get("people"), get("channel"))),
        "incident.stalled" => ("hold", format!("saw that nothing has changed since {}.", words.time("since"))),
        "session.opened" if words.entry.public.contains_key("means") => ("lock", format!("signed in by {}.", get("means"))),
        "session.opened" => ("lock", "signed in.".to_owned()),
        "sign_in.break_glass" => ("lock", "signed in beside the identity provider.".to_owned()),
        "person.invited" if words.entry.public.contains_key("mailed_through") => {
            ("person", format!("asked {} in, by mail through {}.", get("person"), get("mailed_through")))
        }
        "person.invited" => ("person", format!("asked {} in.", get("person"))),
        _ => return None,
    })
}
