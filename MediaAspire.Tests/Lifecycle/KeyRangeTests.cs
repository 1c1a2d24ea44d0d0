using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MediaAspire.Core.Lifecycle;

namespace MediaAspire.Tests.Lifecycle;

public sealed class KeyRangeTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("a/", "a0")]
    [InlineData("a\U0010FFFF", "b")]
    [InlineData("\U0010FFFF\U0010FFFF", null)]
    [InlineData("\uD7FF", "\uE000")]
    [InlineData("\uFFFF", "\U00010000")]
    public void Of_Prefix_EndsBehindItsLastKey(string prefix, string? end) => Assert.Equal(new KeyRange(prefix, end), KeyRange.Of(prefix));

    [Fact]
    public void Of_AnyPrefix_HoldsExactlyTheKeysThatBeginWithIt()
    {
        Prop.ForAll<NonNull<string>, NonNull<string>>((first, second) =>
        {
            var prefix = Valid(first.Get);
            var range = KeyRange.Of(prefix);
            return new[] { prefix, prefix + Valid(second.Get), Valid(second.Get) }.All(key =>
                key.StartsWith(prefix, StringComparison.Ordinal)
                == (Compare(key, range.Prefix) >= 0 && (range.End is null || Compare(key, range.End) < 0)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Cover_NestedAndRepeatedPrefixes_LeavesOneOfEach() =>
        Assert.Equal(["a/", "b", "c/d"], KeyRange.Cover(["c/d", "a/b", "b", "a/", "a/b/c", "b", "bb"]).Select(range => range.Prefix));

    [Fact]
    public void Cover_WithTheEmptyPrefix_IsEverything() => Assert.Equal([new KeyRange("", null)], KeyRange.Cover(["a", "", "b"]));

    private static int Compare(string left, string right) =>
        Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));

    // Keys are UTF-8, which has no lone surrogates.
    private static string Valid(string text) => string.Concat(text.EnumerateRunes());
}
