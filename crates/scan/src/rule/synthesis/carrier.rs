//! Lines of the kind in which secrets leak.

use super::{Random, prove::prove, walk::walk};
use crate::rule::{Rule, check};

/// A text and where the secret in it stands.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) text: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Returns a text with a secret that `rule` finds; `None` when two hundred tries gave none.
pub(crate) fn positive(rule: &Rule, random: &mut Random) -> Option<Example> {
    (0..200).find_map(|_| {
        let example = attempt(rule, random)?;
        let found = check::first_secret(rule, example.text.as_bytes())?;
        (found == &example.text.as_bytes()[example.start..example.end]).then_some(example)
    })
}

fn attempt(rule: &Rule, random: &mut Random) -> Option<Example> {
    let prove_it = |secret: Vec<u8>, random: &mut Random| match &rule.proof {
        Some(proof) => prove(proof, secret, random),
        None => secret,
    };
    if let Some(context) = rule.context() {
        let value = prove_it(walk(&context.value, random).text, random);
        let word = if context.bare {
            "value"
        } else if context.words.is_empty() {
            random.pick(&["key", "token", "secret", "api_key"])
        } else {
            let words: Vec<&str> = context.words.iter().map(String::as_str).collect();
            random.pick(&words)
        };
        let names: Vec<&str> = context.names.iter().map(String::as_str).collect();
        let name = random.pick(&names);
        let name = if context.bare { name.to_owned() } else { format!("{name}_{word}") };
        return place(&name, &String::from_utf8(value).ok()?, random);
    }
    let pattern = rule.source.pattern.as_ref()?;
    let walked = walk(pattern, random);
    match walked.secret {
        Some((start, end)) => {
            let secret = prove_it(walked.text[start..end].to_vec(), random);
            let text = [&walked.text[..start], &secret, &walked.text[end..]].concat();
            Some(Example { text: String::from_utf8(text).ok()?, start, end: start + secret.len() })
        }
        None => {
            let secret = String::from_utf8(prove_it(walked.text, random)).ok()?;
            if secret.contains('\n') {
                return Some(Example { start: 0, end: secret.len(), text: secret });
            }
            place(random.pick(&["token", "credential", "value", "auth"]), &secret, random)
        }
    }
}

fn place(name: &str, secret: &str, random: &mut Random) -> Option<Example> {
    let upper = name.to_uppercase();
    let dashed = name.replace('_', "-");
    let forms = [
        format!("{upper}=@@"),
        format!("export {upper}=\"@@\""),
        format!("{name}: @@"),
        format!("  \"{name}\": \"@@\","),
        format!("{dashed} = '@@'"),
        format!("{upper} := \"@@\""),
    ];
    let form = &forms[random.below(forms.len())];
    let start = form.find("@@")?;
    Some(Example { text: form.replace("@@", secret), start, end: start + secret.len() })
}
