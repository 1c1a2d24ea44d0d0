using MediaAspire.Api.S3.Protocol;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Protocol;

public sealed class ParsedDocumentsTests
{
    private readonly List<string> _parsed = [];

    [Fact]
    public void Get_SameText_ParsesOnce()
    {
        var documents = Documents(capacity: 10);

        var first = documents.Get("a");
        var again = documents.Get(new string("a"));

        Assert.Same(first, again);
        Assert.Equal(["a"], _parsed);
    }

    [Fact]
    public void Get_ChangedText_ParsesTheChange()
    {
        var documents = Documents(capacity: 10);

        Assert.Equal("<a>", documents.Get("a"));
        Assert.Equal("<b>", documents.Get("b"));
    }

    [Fact]
    public void Get_MoreTextsThanItHolds_StillParsesThem()
    {
        var documents = Documents(capacity: 2);

        Assert.Equal("<a><b><c><a>", documents.Get("a") + documents.Get("b") + documents.Get("c") + documents.Get("a"));
    }

    [Fact]
    public void Get_ParserThrows_KeepsNothing()
    {
        var fails = true;
        var documents = new ParsedDocuments<string>(text => fails ? throw new FormatException() : text, capacity: 2, new ManualTime());
        Assert.Throws<FormatException>(() => documents.Get("a"));

        fails = false;

        Assert.Equal("a", documents.Get("a"));
    }

    private ParsedDocuments<string> Documents(int capacity) => new(
        text =>
        {
            _parsed.Add(text);
            return $"<{text}>";
        },
        capacity,
        new ManualTime());
}
