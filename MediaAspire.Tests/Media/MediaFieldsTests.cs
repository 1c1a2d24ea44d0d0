using System.Text;
using System.Text.Json;
using MediaAspire.Core.Media;

namespace MediaAspire.Tests.Media;

public sealed class MediaFieldsTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("  x  ")]
    [InlineData("Ünïcödé 图片 👩‍👩‍👧")]
    [InlineData("\u202Ertl")]
    [InlineData("../../etc/passwd")]
    public void TryParse_Name_IsKeptAsSent(string name) => Assert.Equal(name, Parse(new() { Name = name }).Name);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u00A0\u3000")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("\uFFFE")]
    public void TryParse_UnfitName_IsRefused(string name) => Assert.Equal("name", Refuse(new() { Name = name }).Field);

    // Data of a theory cannot have lone surrogates.
    [Fact]
    public void TryParse_LoneSurrogates_AreRefused()
    {
        Assert.Equal("name", Refuse(new() { Name = "\uD800" }).Field);
        Assert.Equal("name", Refuse(new() { Name = "a\uDC00" }).Field);
        Assert.Equal("tags", Refuse(new() { Tags = ["\uD83D"] }).Field);
        Assert.Equal("description", Refuse(new() { Description = "\uD83D" }).Field);
    }

    [Fact]
    public void TryParse_NameOf75CodePoints_IsTheLongest()
    {
        var longest = string.Concat(Enumerable.Repeat("😀", 75));

        Assert.Equal(longest, Parse(new() { Name = longest }).Name);
        Assert.Equal("name", Refuse(new() { Name = longest + "x" }).Field);
    }

    [Fact]
    public void TryParse_CapitalsAndLookAlikes_AreOneTag() =>
        Assert.Equal(
            ["abc", "fi", "k", "1"],
            Parse(new() { Tags = ["ABC", " ａｂｃ ", "ﬁ", "FI", "\u212A", "①", "abc"] }).Tags!.Value.ToArray());

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a,b")]
    [InlineData("a，b")]
    [InlineData("a\tb")]
    [InlineData("123456789012345678901")]
    [InlineData("1234567890123456789Å\u0301\u0301")]
    [InlineData("\uFDFA\uFDFA")]
    [InlineData("\uFFFE")]
    [InlineData(null)]
    public void TryParse_UnfitTag_IsRefused(string? tag) => Assert.Equal("tags", Refuse(new() { Tags = [tag] }).Field);

    [Fact]
    public void TryParse_TwentyOneTags_AreRefusedAndDoublesDoNotCount()
    {
        var tags = Enumerable.Range(0, 20).Select(i => $"t{i}").ToList();

        Assert.Equal(20, Parse(new() { Tags = [.. tags, "T0", "ｔ1"] }).Tags!.Value.Length);
        Assert.Equal("tags", Refuse(new() { Tags = [.. tags, "t20"] }).Field);
    }

    [Fact]
    public void Normalize_EveryCodePoint_IsTheSameTheSecondTime()
    {
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (!Rune.IsValid(value) || value is 0xFFFE or 0xFFFF)
            {
                continue;
            }

            var once = MediaText.Normalize("a" + new Rune(value) + "b");
            Assert.True(once == MediaText.Normalize(once), $"U+{value:X4}");
        }
    }

    [Fact]
    public void TryParse_AliasOfBlanks_IsNotTheEmptyOneThatClears()
    {
        Assert.Equal(new FieldValue<MediaAlias?>(null), Parse(new() { Alias = "" }).Alias);
        Assert.Equal(new FieldValue<MediaAlias?>(new MediaAlias("a b")), Parse(new() { Alias = "  a b " }).Alias);
        Assert.Null(Parse(new()).Alias);
        Assert.Equal("alias-empty", Refuse(new() { Alias = "   " }).Code);
    }

    [Theory]
    [InlineData("é")]
    [InlineData("a/b")]
    [InlineData("a\u200Bb")]
    [InlineData("a\0")]
    [InlineData("a\n")]
    [InlineData("\uD800")]
    [InlineData("ａ")]
    [InlineData("123456789012345678901234567890123456789012345678901")]
    public void TryParse_UnfitAlias_IsRefused(string alias) => Assert.Equal("field-invalid", Refuse(new() { Alias = alias }).Code);

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("ftp://a.b")]
    [InlineData("//a.b")]
    [InlineData("a.b")]
    [InlineData("http://")]
    [InlineData("http://a.b/\n")]
    public void TryParse_WebsiteThatIsNotHttp_IsRefused(string website)
    {
        if (!website.EndsWith('\n'))
        {
            Assert.Equal("website", Refuse(new() { Website = website }).Field);
        }
        else
        {
            Assert.Equal("http://a.b/", Parse(new() { Website = website }).Website!.Value.Value);
        }
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(null, 1)]
    [InlineData(0, 1)]
    [InlineData(1, 1_000_001)]
    [InlineData(-1, -1)]
    public void TryParse_SizeThatIsNotAPair_IsRefused(int? width, int? height) =>
        Assert.True(Refuse(new() { Width = width, Height = height }).Field is "width" or "height");

    [Theory]
    [InlineData("""{"color": "x"}""")]
    [InlineData("""{"c_": "x"}""")]
    [InlineData("""{"c_é": "x"}""")]
    [InlineData("""{"c_a": true}""")]
    [InlineData("""{"c_a": null}""")]
    [InlineData("""{"c_a": {}}""")]
    [InlineData("""{"c_a": 1e400}""")]
    [InlineData("""{"c_a": "\u0000"}""")]
    [InlineData("""{"c_a": "\ud800"}""")]
    public void TryParse_UnfitCustomField_IsRefused(string custom) =>
        Assert.StartsWith("custom", Refuse(new() { Custom = Dictionary(custom) }).Field, StringComparison.Ordinal);

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("""{"a": 1e400}""")]
    [InlineData("""{"a": 1e-400}""")]
    [InlineData("""{"a": [{"b": "\u0000"}]}""")]
    [InlineData("""{"\u0000": 1}""")]
    [InlineData("""{"\ud800": 1}""")]
    [InlineData("""{"a": "\udc00"}""")]
    public void TryParse_PlayerThatTheDatabaseRefuses_IsRefused(string player) =>
        Assert.Equal("player", Refuse(new() { Player = Element(player) }).Field);

    [Fact]
    public void TryParse_PlayerAboveItsLimit_IsRefused() =>
        Assert.Equal("player", Refuse(new() { Player = Element($$"""{"a": "{{new string('x', 65536)}}"}""") }).Field);

    [Fact]
    public void TryParse_LongLists_AreRefused()
    {
        Assert.Equal("categories", Refuse(new() { Categories = [.. Enumerable.Range(0, 501).Select(i => $"{i}")] }).Field);
        Assert.Equal("capabilities", Refuse(new() { Capabilities = [.. Enumerable.Range(0, 33).Select(i => $"{i}")] }).Field);
        Assert.Equal("capabilities", Refuse(new() { Capabilities = [new string('x', 33)] }).Field);
        Assert.Equal("description", Refuse(new() { Description = new string('x', 20_001) }).Field);
        Assert.Equal("references", Refuse(new() { References = ["x"] }).Field);
        Assert.Equal(
            "references", Refuse(new() { References = [.. Enumerable.Range(0, 51).Select(_ => $"{Guid.CreateVersion7()}")] }).Field);
    }

    [Fact]
    public void Apply_FieldsThatAreNotSent_Stay()
    {
        var item = NewMedia.Of("a", "one") with
        {
            Alias = new("x"),
            Description = "d",
            Website = "https://x.y/",
            Tags = ["t"],
            Categories = ["c"],
            Capabilities = ["k"],
            Custom = CustomValue.None.Add("c_a", CustomValue.Of("1")),
            Player = """{"a":1}""",
            Width = 1,
            Height = 2,
            References = [Core.Ids.MediaId.New(TimeProvider.System)],
            IsDirectOnly = true,
        };

        Assert.Same(item, MediaUpdate.Apply(item, Parse(new())));
        Assert.Same(item, MediaUpdate.Apply(item, Parse(new() { Name = "one", Alias = "x", Tags = ["T"], DirectOnly = true })));
    }

    [Fact]
    public void Apply_EmptyTexts_ClearTheirFields()
    {
        var item = NewMedia.Of("a", "one") with
        {
            Alias = new("x"),
            Description = "d",
            Website = "https://x.y/",
            Tags = ["t"],
            Custom = CustomValue.None.Add("c_a", CustomValue.Of("1")).Add("c_b", CustomValue.Of(2)),
            Player = """{"a":1}""",
        };

        var cleared = MediaUpdate.Apply(item, Parse(new()
        {
            Alias = "",
            Description = "",
            Website = "",
            Tags = [],
            Custom = Dictionary("""{"c_a": ""}"""),
            Player = Element("""{"a": null}"""),
        }));

        Assert.Null(cleared.Alias);
        Assert.Null(cleared.Description);
        Assert.Null(cleared.Website);
        Assert.Empty(cleared.Tags);
        Assert.Equal(["c_b"], cleared.Custom.Keys);
        Assert.Null(cleared.Player);
    }

    [Fact]
    public void Apply_Player_IsMergedShallowly()
    {
        var item = NewMedia.Of("a", "one") with { Player = """{"a":{"x":1},"b":1}""" };

        var changed = MediaUpdate.Apply(item, Parse(new() { Player = Element("""{"a": {"y": 2}, "c": 3}""") }));

        Assert.Equal("""{"a":{"y":2},"b":1,"c":3}""", changed.Player!.Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void ApplyDeferred_TakenAlias_CanBeLeftOut()
    {
        var item = NewMedia.Of("a", "one") with { Deferred = DeferredUpdate.Format(new() { Name = "two", Alias = "x", Tags = ["T"] }) };

        var applied = MediaUpdate.ApplyDeferred(item);

        Assert.Equal(("two", new MediaAlias("x"), "t"), (applied.Name, applied.Alias, applied.Tags.Single()));
        Assert.Null(applied.Deferred);
        Assert.Null(MediaUpdate.ApplyDeferred(item, withAlias: false).Alias);
        Assert.Equal("two", MediaUpdate.ApplyDeferred(item, withAlias: false).Name);
    }

    private static MediaChange Parse(MediaFieldInput input)
    {
        Assert.True(MediaFields.TryParse(input, out var change, out var fault), $"{fault?.Field} {fault?.Reason}");
        return change;
    }

    private static FieldFault Refuse(MediaFieldInput input)
    {
        Assert.False(MediaFields.TryParse(input, out _, out var fault));
        return fault;
    }

    private static JsonElement Element(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    private static Dictionary<string, JsonElement> Dictionary(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
}
