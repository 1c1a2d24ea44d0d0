using MediaAspire.Api.Http;
using Microsoft.Extensions.Primitives;

namespace MediaAspire.Tests.Api.Http;

/// <summary>The parser of structured fields, with the cases of the public test suite of RFC 9651 that concern its types.</summary>
public sealed class StructuredFieldsTests
{
    [Theory]
    [InlineData("42", 42)]
    [InlineData("  42  ", 42)]
    [InlineData("-42", -42)]
    [InlineData("042", 42)]
    [InlineData("-0", 0)]
    [InlineData("999999999999999", 999_999_999_999_999)]
    [InlineData("1; a=1; b; c=\"x\\\"y\"; d=:aGk=:; e=?0; f=tok/en; g=1.5; h=@1; i=%\"f%c3%bc\"", 1)]
    public void TryReadInteger_Integer_IsRead(string field, long expected)
    {
        Assert.True(StructuredFields.TryReadInteger(field, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("abc")]
    [InlineData("--0")]
    [InlineData("- 42")]
    [InlineData("4 2")]
    [InlineData("42,")]
    [InlineData("42, 43")]
    [InlineData("1000000000000000")]
    [InlineData("1.0")]
    [InlineData("1.")]
    [InlineData("?1")]
    [InlineData("\"42\"")]
    [InlineData("42;")]
    [InlineData("42;A=1")]
    [InlineData("42 ;a=1x")]
    [InlineData("４２")]
    public void TryReadInteger_OtherValue_CountsAsMissing(string field) =>
        Assert.False(StructuredFields.TryReadInteger(field, out _));

    [Fact]
    public void TryReadInteger_TwoLines_CountAsMissing() =>
        Assert.False(StructuredFields.TryReadInteger(new StringValues(["1", "2"]), out _));

    [Theory]
    [InlineData("?1", true)]
    [InlineData(" ?0 ", false)]
    [InlineData("?1;a", true)]
    public void TryReadBoolean_Boolean_IsRead(string field, bool expected)
    {
        Assert.True(StructuredFields.TryReadBoolean(field, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("?2")]
    [InlineData("?")]
    [InlineData("?11")]
    [InlineData("1")]
    [InlineData("? 1")]
    public void TryReadBoolean_OtherValue_CountsAsMissing(string field) =>
        Assert.False(StructuredFields.TryReadBoolean(field, out _));

    [Theory]
    [InlineData("a=1, b;x=1;y=2,  c=:aGVsbG8=:")]
    [InlineData("a=1,b,\tc=:aGVsbG8=:")]
    [InlineData("a=(1 2), a=1, b=?1, c=:aGVsbG8=:")]
    public void TryReadDictionary_Members_AreRead(string field)
    {
        Assert.True(StructuredFields.TryReadDictionary(field, out var members));
        Assert.Equal(1, members["a"].Integer);
        Assert.True(members["b"].Boolean);
        Assert.Equal("hello"u8.ToArray(), members["c"].Bytes);
    }

    [Theory]
    [InlineData("a=1,")]
    [InlineData("a=1 b=2")]
    [InlineData("a=1,,b=2")]
    [InlineData("A=1")]
    [InlineData("a=")]
    [InlineData("a=(1")]
    [InlineData("a=(1,2)")]
    [InlineData("c=:aGVsbG8:x:")]
    [InlineData("c=:aGVs")]
    [InlineData("a=\"x")]
    [InlineData("a=\"\\x\"")]
    [InlineData("a=%\"%C3\"")]
    [InlineData("a=%\"%c3\"")]
    [InlineData("a=@1.5")]
    public void TryReadDictionary_Malformed_CountsAsMissing(string field) =>
        Assert.False(StructuredFields.TryReadDictionary(field, out _));

    [Fact]
    public void WriteDictionary_Members_CanBeReadAgain()
    {
        var field = StructuredFields.WriteDictionary([new("max-size", 100), new("min-size", 0)]);

        Assert.Equal("max-size=100, min-size=0", field);
        Assert.True(StructuredFields.TryReadDictionary(field, out var members));
        Assert.Equal(100, members["max-size"].Integer);
    }
}
