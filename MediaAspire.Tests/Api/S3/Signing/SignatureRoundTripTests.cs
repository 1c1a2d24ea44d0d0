using FsCheck;
using FsCheck.Fluent;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;
using Microsoft.AspNetCore.Http;

namespace MediaAspire.Tests.Api.S3.Signing;

/// <summary>A signed request is accepted, and one that was changed on the way is refused.</summary>
public sealed class SignatureRoundTripTests
{
    private const string Now = "20260102T030405Z";

    private static readonly Gen<string> s_text = Gen.Elements(
            "a", "B", "7", "-", "_", ".", "~", "/", "//", "/../", " ", "+", "%", "%41", "=", "&", "?", "#",
            "(", ")", "!", "*", "'", "$", "@", ",", ";", ":", "ä", "ሴ", "😀")
        .ListOf().Select(parts => string.Concat(parts));

    private static readonly Gen<string> s_headerText =
        Gen.Elements("a", "B", " ", "  ", ",", ";", "=", "\"", ":").ListOf().Select(parts => string.Concat(parts));

    private static readonly Arbitrary<Case> s_cases = s_text
        .SelectMany(_ => Gen.Zip(s_text, s_text).ListOf(), (key, query) => (key, query))
        .SelectMany(_ => s_headerText.ListOf(), (pair, headers) => (pair.key, pair.query, headers))
        .SelectMany(
            _ => Gen.Elements(true, false),
            (three, presigned) => new Case(three.key, [.. three.query], [.. three.headers], presigned))
        .ToArbitrary();

    private readonly SigningHarness _server = new(Now);

    [Fact]
    public void AnyRequest_Signed_IsTheSignersAndTampered_IsRefused()
    {
        Prop.ForAll(s_cases, one =>
        {
            var request = Sign(one);
            return IsTaken(request)
                && !IsTaken(request with { Method = "DELETE" })
                && !IsTaken(request with { RawPath = request.RawPath + "x" })
                && !IsTaken(request with { RawQuery = request.RawQuery + "&versionId=1" })
                && !IsTaken(request with { RawQuery = "tagging&" + request.RawQuery })
                && !IsTaken(request with { Headers = With(request.Headers, "Host", "elsewhere") })
                && !IsTaken(request with { Headers = With(request.Headers, "x-amz-meta-list", "changed") });
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void AnyRequest_OneCharacterOfItsSignatureChanged_IsRefused()
    {
        Prop.ForAll(s_cases, Gen.Choose(0, 63).ToArbitrary(), (one, position) =>
        {
            var request = Sign(one with { Presigned = false });
            var authorization = request.Headers.Authorization.ToString();
            var at = authorization.Length - 64 + position;
            var other = authorization[at] == '0' ? '1' : '0';
            return !IsTaken(request with
            {
                Headers = With(request.Headers, "Authorization", authorization[..at] + other + authorization[(at + 1)..]),
            });
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void AnyQuery_ReorderedOnTheWay_IsStillTheSigners()
    {
        Prop.ForAll(s_cases, one =>
        {
            var request = Sign(one);
            return IsTaken(request with { RawQuery = string.Join('&', request.RawQuery.Split('&').Reverse()) });
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void AnyText_EncodedAndDecoded_IsItself()
    {
        Prop.ForAll(s_text.ToArbitrary(), text =>
            UriEncoding.Encode(text, keepSlash: false) == ClientSigner.Encode(text)
            && "/" + UriEncoding.Encode(text, keepSlash: true) == ClientSigner.EncodePath(text)
            && System.Text.Encoding.UTF8.GetString(UriEncoding.Decode(ClientSigner.Encode(text), plusIsSpace: true)) == text)
            .QuickCheckThrowOnFailure();
    }

    private static RequestToVerify Sign(Case one)
    {
        var client = new ClientSigner(ClientSigner.KeyId, ClientSigner.Secret, Now);
        var headers = one.Headers.Select(value => ("x-amz-meta-list", value)).Append(("Content-Type", "text/plain")).ToList();
        return one.Presigned
            ? client.Presign("PUT", ClientSigner.EncodePath(one.Key), one.Query, headers, "60")
            : client.Sign("PUT", ClientSigner.EncodePath(one.Key), one.Query, headers);
    }

    private static HeaderDictionary With(IHeaderDictionary headers, string name, string value) =>
        new(headers.ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase)) { [name] = value };

    private bool IsTaken(RequestToVerify request)
    {
        try
        {
            // The harness does nothing asynchronously, so the call is complete when it returns.
            var authentication = _server.AuthenticateAsync(request);
            Assert.True(authentication.IsCompleted);
            return !authentication.GetAwaiter().GetResult().IsAnonymous;
        }
        catch (S3Exception)
        {
            return false;
        }
    }

    private sealed record Case(string Key, IReadOnlyList<(string Name, string Value)> Query, IReadOnlyList<string> Headers, bool Presigned)
    {
        public override string ToString() =>
            $"{Key} | {string.Join(' ', Query)} | {string.Join(" / ", Headers)} | {(Presigned ? "query" : "header")}";
    }
}
