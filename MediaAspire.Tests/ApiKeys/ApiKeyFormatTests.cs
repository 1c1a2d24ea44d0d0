using System.Security.Cryptography;
using System.Text;
using MediaAspire.Core.ApiKeys;

namespace MediaAspire.Tests.ApiKeys;

public sealed class ApiKeyFormatTests
{
    private const string Secret = "0123456789abcdefghijABCDEFGHIJxyz";

    [Fact]
    public void Compose_NewIdAndSecret_ParsesBack()
    {
        var keys = Enumerable.Range(0, 200).Select(_ => (Id: ApiKeyFormat.NewId(), Secret: ApiKeyFormat.NewSecret())).ToList();

        Assert.All(keys, key =>
        {
            Assert.True(ApiKeyFormat.IsId(key.Id));
            Assert.Equal((16, 43), (key.Id.Length, key.Secret.Length));
            Assert.True(ApiKeyFormat.TryParse(ApiKeyFormat.Compose(key.Id, key.Secret), out var id, out var secret));
            Assert.Equal(key, (id.ToString(), secret.ToString()));
        });
        Assert.Distinct(keys.Select(key => key.Id));
        Assert.Distinct(keys.Select(key => key.Secret));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ma_")]
    [InlineData("ma__" + Secret)]
    [InlineData("ma_id_" + Secret)]
    [InlineData("ma_key" + Secret)]
    [InlineData("MA_key_" + Secret)]
    [InlineData("key_" + Secret)]
    [InlineData("ma_key_" + "tooShort")]
    [InlineData("ma_key_" + Secret + "_")]
    [InlineData("ma_key_" + Secret + "\n")]
    [InlineData(" ma_key_" + Secret)]
    [InlineData("ma_k-y_" + Secret)]
    [InlineData("ma_kéy_" + Secret)]
    [InlineData("ma_key_" + Secret + "é")]
    [InlineData("ma_thisIdHasMoreThanThirtyTwoCharacters_" + Secret)]
    public void TryParse_OtherText_IsRefused(string? text) => Assert.False(ApiKeyFormat.TryParse(text, out _, out _));

    [Fact]
    public void TryParse_HugeText_IsRefused() => Assert.False(ApiKeyFormat.TryParse("ma_key_" + new string('a', 10_000), out _, out _));

    [Fact]
    public void Hash_OfSecret_IsItsSha256() =>
        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes(Secret)), ApiKeyFormat.Hash(Secret));

    [Fact]
    public void Combine_ScopesOfAllAreas_CoverTheirParts()
    {
        Assert.Equal(ApiScopes.All, ApiScopeNames.Combine(ApiScopeNames.All));
        Assert.Equal(ApiScopes.None, ApiScopeNames.Combine(["Admin", "files", "future:read"]));
        Assert.Equal(ApiScopes.FilesRead, ApiScopeNames.Combine(["read"]) & ApiScopes.FilesRead);
        Assert.Equal(ApiScopes.FilesWrite, ApiScopeNames.Combine(["write"]) & ApiScopes.FilesWrite);

        // Today's parts are not the whole: a later version adds areas.
        Assert.NotEqual(ApiScopes.Read, ApiScopeNames.Combine(["files:read"]));
        Assert.Equal(ApiScopes.None, ApiScopeNames.Combine(["admin", "metrics"]) & (ApiScopes.Read | ApiScopes.Write));
        Assert.Equal(ApiScopes.None, ApiScopeNames.Combine(["write"]) & ApiScopes.Read);
    }
}
