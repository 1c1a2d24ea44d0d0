using FsCheck;
using FsCheck.Fluent;
using MediaAspire.Core.Media;

namespace MediaAspire.Tests.Media;

public sealed class MediaSignatureTests
{
    [Fact]
    public void Bits_of_a_term_are_those_that_the_database_stores()
    {
        Assert.Equal("100000200000000 8000008000000 0 0 0", Hex(MediaSignature.OfTag("holiday")));
        Assert.Equal("0 0 0 0 2000408", Hex(MediaSignature.OfText("beach")));
    }

    [Fact]
    public void Signature_has_the_bits_of_everything_that_an_item_has()
    {
        var signature = MediaSignature.Of(
            ["holiday", "sea"],
            ["travel"],
            [new("c_rank", CustomValue.Of(5)), new("c_colour", CustomValue.Of("red"))],
            "the beach",
            "the beach\u001Fa long walk\u001F\u001Fowner\u001F");

        Assert.All(
            [
                MediaSignature.OfTag("sea"), MediaSignature.OfCategory("travel"), MediaSignature.OfName("the beach"),
                MediaSignature.OfCustom("c_rank", CustomValue.Of(5.0)), MediaSignature.OfCustom("c_colour", CustomValue.Of("red")),
                MediaSignature.OfNameText("beach"), MediaSignature.OfText("long walk"), MediaSignature.OfText("owner"),
            ],
            part => Assert.Equal(signature, signature | part));
        Assert.All(
            [
                MediaSignature.OfTag("travel"), MediaSignature.OfCategory("sea"), MediaSignature.OfName("beach"),
                MediaSignature.OfCustom("c_rank", CustomValue.Of("5")), MediaSignature.OfNameText("walk"), MediaSignature.OfText("beach"),
            ],
            part => Assert.NotEqual(signature, signature | part));
    }

    [Fact]
    public void Signature_of_a_text_has_the_bits_of_every_text_within_it() =>
        Prop.ForAll<NonNull<string>, NonNull<string>, NonNull<string>>((before, text, after) =>
        {
            var whole = before.Get + text.Get + after.Get;
            return (MediaSignature.OfText(whole) | MediaSignature.OfText(text.Get)) == MediaSignature.OfText(whole)
                && (MediaSignature.OfNameText(whole) | MediaSignature.OfNameText(text.Get)) == MediaSignature.OfNameText(whole);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("ab")]
    public void Text_of_two_letters_has_no_bits(string text) => Assert.Equal(MediaSignature.Empty, MediaSignature.OfText(text));

    [Fact]
    public void Zeros_of_both_signs_are_one_number() => Assert.Equal(
        MediaSignature.OfCustom("c_rank", CustomValue.Of(0.0)), MediaSignature.OfCustom("c_rank", CustomValue.Of(-0.0)));

    private static string Hex(MediaSignature signature) =>
        $"{signature.TermsLow:X} {signature.TermsHigh:X} {signature.NameText:X} {signature.TextLow:X} {signature.TextHigh:X}";
}
