-- Keys by the rules that hold now: mobile, AMP and print forms of a page share one. The function `urlkey` is the
-- program's own. Reports follow when they are described, and their old ids lead to the new ones.
UPDATE captures SET urlkey = urlkey(url) WHERE urlkey IS NOT urlkey(url);

-- Rows in brackets are no pages: of Wayback servers, of requisites.
UPDATE OR REPLACE frontier SET urlkey = urlkey(url)
    WHERE urlkey IS NOT urlkey(url) AND coalesce(source, '') NOT LIKE '(%';
