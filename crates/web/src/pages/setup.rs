//! Reads the Markdown of set-up texts into blocks, so that no HTML is ever made from it.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::sources::Block;

/// Reads headings, paragraphs, list items and code; links become their words, HTML becomes text.
pub(crate) fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut text = String::new();
    let mut items = 0_usize;
    for event in Parser::new(markdown) {
        match event {
            Event::Start(Tag::Item) => items += 1,
            Event::Start(Tag::CodeBlock(_)) => flush(&mut blocks, &mut text, items),
            Event::End(TagEnd::CodeBlock) => push(&mut blocks, Block::Code(std::mem::take(&mut text))),
            Event::End(TagEnd::Heading(_)) => push(&mut blocks, Block::Heading(std::mem::take(&mut text))),
            Event::End(TagEnd::Paragraph) => flush(&mut blocks, &mut text, items),
            Event::End(TagEnd::Item) => {
                flush(&mut blocks, &mut text, items);
                items = items.saturating_sub(1);
            }
            Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    flush(&mut blocks, &mut text, 0);
    blocks
}

fn flush(blocks: &mut Vec<Block>, text: &mut String, items: usize) {
    let text = std::mem::take(text);
    push(blocks, if items > 0 { Block::Item(text) } else { Block::Paragraph(text) });
}

fn push(blocks: &mut Vec<Block>, block: Block) {
    let (Block::Heading(text) | Block::Paragraph(text) | Block::Item(text) | Block::Code(text)) = &block;
    if !text.trim().is_empty() {
        blocks.push(block);
    }
}

#[cfg(test)]
mod tests;
