using MediaAspire.Core.Images.Signing;
using MediaAspire.Core.Images.Variants;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.Options;

namespace MediaAspire.Tests.Images.Signing;

public sealed class UrlSignaturesTests
{
    private const string Path = "/images/a b.jpg/process.webp";

    private WrongClock _time = new();

    [Fact]
    public void Verify_SignedAddress_IsValidUntilItExpires()
    {
        var signatures = Signatures(("k1", null));
        var signed = signatures.Sign(Path, [new("resize", "320"), new("blur", "1.5")], TimeSpan.FromMinutes(5));
        Assert.StartsWith("/images/a%20b.jpg/process.webp?resize=320&blur=1.5&expires=", signed.PathAndQuery, StringComparison.Ordinal);

        var result = Verify(signatures, signed);
        Assert.Equal(SignatureOutcome.Valid, result.Outcome);
        Assert.Equal(signed.ExpiresAt, result.ExpiresAt);

        _time = new(TimeSpan.FromMinutes(5));
        Assert.Equal(SignatureOutcome.Expired, Verify(Signatures(("k1", null)), signed).Outcome);
    }

    [Theory]
    [InlineData("resize=320", "resize=321")]
    [InlineData("resize=320&blur=1.5", "blur=1.5&resize=320")]
    [InlineData("&blur=1.5", "")]
    [InlineData("key=k1", "key=k2")]
    [InlineData("key=k1", "key=k3")]
    [InlineData("expires=", "expires=1")]
    [InlineData("?", "?resize=9&")]
    [InlineData("?", "?key=k1&")]
    [InlineData("signature=", "signature=A")]
    [InlineData("process.webp", "process.png")]
    [InlineData("a%20b", "c")]
    public void Verify_ChangedAddress_IsInvalid(string was, string becomes)
    {
        var signatures = Signatures(("k1", null), ("k2", null));
        var signed = signatures.Sign(Path, [new("resize", "320"), new("blur", "1.5")], TimeSpan.FromMinutes(5));

        var changed = signed with { PathAndQuery = signed.PathAndQuery.Replace(was, becomes, StringComparison.Ordinal) };

        Assert.NotEqual(signed, changed);
        Assert.Equal(SignatureOutcome.Invalid, Verify(signatures, changed).Outcome);
    }

    [Fact]
    public void Verify_AddressThatAProxyEncodedInAnotherWay_IsValid()
    {
        var signatures = Signatures(("k1", null));
        var signed = signatures.Sign(Path, [new("fill", "300x400@smart:enlarge"), new("resize", "a b")], TimeSpan.FromMinutes(5));

        var encoded = signed with
        {
            PathAndQuery = signed.PathAndQuery.Replace("%40", "@", StringComparison.Ordinal)
                .Replace("%20b&", "%20%62&", StringComparison.Ordinal),
        };

        Assert.NotEqual(signed, encoded);
        Assert.Equal(SignatureOutcome.Valid, Verify(signatures, encoded).Outcome);
    }

    [Fact]
    public void A_rotation_keeps_old_addresses_until_their_key_is_removed()
    {
        var old = Signatures(("k1", null)).Sign(Path, [], TimeSpan.FromMinutes(5));

        var both = Signatures(("k1", null), ("k2", "k2"));
        Assert.Equal(SignatureOutcome.Valid, Verify(both, old).Outcome);
        var recent = both.Sign(Path, [], TimeSpan.FromMinutes(5));
        Assert.Contains("key=k2", recent.PathAndQuery, StringComparison.Ordinal);

        var rotated = Signatures(("k2", null));
        Assert.Equal(SignatureOutcome.Invalid, Verify(rotated, old).Outcome);
        Assert.Equal(SignatureOutcome.Valid, Verify(rotated, recent).Outcome);
    }

    [Fact]
    public void Verify_AddressWithoutSignature_SaysSo() =>
        Assert.Equal(SignatureOutcome.Missing, Signatures(("k1", null)).Verify(Path, [new("resize", "320")]).Outcome);

    [Fact]
    public void Verify_WithoutKeys_TrustsNoSignature()
    {
        var signed = Signatures(("k1", null)).Sign(Path, [], TimeSpan.FromMinutes(5));

        Assert.Equal(SignatureOutcome.Invalid, Verify(Signatures(), signed).Outcome);
        Assert.False(Signatures().CanSign);
    }

    [Fact]
    public void Validate_BadSettings_AreRefusedTogether()
    {
        var options = new SigningOptions { CurrentKey = "other", DefaultLifetime = TimeSpan.FromDays(400) };
        options.Keys["k 1"] = "short";

        var result = new SigningOptionsRules().Validate(null, options);

        Assert.Equal(4, result.Failures!.Count());
    }

    private static SignatureResult Verify(UrlSignatures signatures, SignedUrl signed)
    {
        var parts = signed.PathAndQuery.Split('?');
        return signatures.Verify(Uri.UnescapeDataString(parts[0]), VariantQuery.ReadPairs(parts[1]));
    }

    private UrlSignatures Signatures(params (string Id, string? Current)[] keys)
    {
        var options = new SigningOptions();
        foreach (var (id, current) in keys)
        {
            options.Keys[id] = string.Concat(Enumerable.Repeat(id, 20));
            options.CurrentKey = current ?? options.CurrentKey ?? id;
        }

        Assert.True(keys.Length == 0 || new SigningOptionsRules().Validate(null, options).Succeeded);
        return new UrlSignatures(Options.Create(options), _time);
    }
}
