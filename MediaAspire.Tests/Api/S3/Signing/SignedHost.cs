using System.Security.Cryptography;
using MediaAspire.Api.S3.Payload;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Core.AccessKeys;
using MediaAspire.Tests.Api.S3.Payload;
using MediaAspire.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Api.S3.Signing;

/// <summary>The S3 API with signatures, a client that signs, and a bucket.</summary>
internal sealed class SignedHost : IAsyncDisposable
{
    public const string Bucket = "signed";

    private SignedHost(S3TestHost s3) => S3 = s3;

    public S3TestHost S3 { get; }

    public ClientSigner Client { get; } = new(ClientSigner.KeyId, ClientSigner.Secret, SigningTime.Format(TimeProvider.System.GetUtcNow()));

    public static async Task<SignedHost> StartAsync(PostgresFixture postgres, IReadOnlyDictionary<string, string?>? settings = null)
    {
        // The name that the client signs.
        var named = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>()) { ["AllowedHosts"] = "s3.example.org" };
        var host = await S3TestHost.StartAsync(postgres, settings: named, services: services => services
            .AddSingleton<IAccessKeys>(new SigningHarness())
            .AddSingleton<IS3Authenticator, SigV4Authenticator>());
        await host.CreateBucketAsync(Bucket, "owner");
        return new(host);
    }

    public static string Path(string key) => "/" + Bucket + ClientSigner.EncodePath(key);

    public async Task<HttpResponseMessage> SendAsync(
        RequestToVerify signed, byte[]? body = null, params (string Name, string Value)[] headers)
    {
        var target = signed.RawQuery.Length == 0 ? signed.RawPath : $"{signed.RawPath}?{signed.RawQuery}";
        using var request = S3.Request(new HttpMethod(signed.Method), target);
        foreach (var (name, values) in signed.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Content = body is null ? null : new ByteArrayContent(body);
        return await S3.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetAsync(string key, params (string Name, string Value)[] query) =>
        SendAsync(Client.Sign("GET", Path(key), query, []));

    /// <summary>Puts an object in one of the forms that a body can have.</summary>
    /// <param name="payload">The value of <c>x-amz-content-sha256</c>; <c>hash</c> for the body's own.</param>
    /// <param name="target">The path.</param>
    /// <param name="content">The object.</param>
    /// <param name="change">Changes the body after it was signed.</param>
    /// <param name="announced">The value of <c>x-amz-trailer</c>; <see langword="null"/> to leave the header out.</param>
    /// <param name="trailer">The trailer's line; by default the right SHA-256.</param>
    /// <param name="query">The query.</param>
    public async Task<HttpResponseMessage> PutAsync(
        string payload,
        string target,
        byte[] content,
        Func<byte[], byte[]>? change = null,
        string? announced = "x-amz-checksum-sha256",
        string? trailer = null,
        params (string Name, string Value)[] query)
    {
        var value = payload == "hash" ? Convert.ToHexStringLower(SHA256.HashData(content)) : payload;
        var kind = PayloadDeclaration.Parse(value);
        List<(string Name, string Value)> headers = [];
        if (kind.IsChunked)
        {
            headers.Add(("x-amz-decoded-content-length", $"{content.Length}"));
        }

        if (kind.HasTrailer && announced is not null)
        {
            headers.Add(("x-amz-trailer", announced));
        }

        var signed = Client.Sign("PUT", target, query, headers, value);
        var body = kind.IsChunked
            ? new ChunkedBody(kind.Kind, Client)
            {
                Seed = ClientSigner.SignatureOf(signed),
                Trailer = trailer ?? $"x-amz-checksum-sha256:{Convert.ToBase64String(SHA256.HashData(content))}",
            }.Encode([.. content.Chunk(65_536)])
            : [.. content];
        return await SendAsync(signed, change is null ? body : change(body));
    }

    public ValueTask DisposeAsync() => S3.DisposeAsync();
}
