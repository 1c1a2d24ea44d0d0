using System.Text;
using MediaAspire.Api.S3.Payload;
using MediaAspire.Api.S3.Signing;
using MediaAspire.Tests.Api.S3.Signing;

namespace MediaAspire.Tests.Api.S3.Payload;

/// <summary>Writes bodies in aws-chunked encoding as clients do.</summary>
internal sealed class ChunkedBody(PayloadKind kind, ClientSigner? client = null)
{
    private const string ExampleSeed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    private const string Checksum = "x-amz-checksum-crc32c:sOO8/Q==";

    private readonly ClientSigner _client = client ?? new(ClientSigner.KeyId, ClientSigner.Secret, "20130524T000000Z");

    public bool HasTrailer => kind is PayloadKind.SignedChunksWithTrailer or PayloadKind.UnsignedChunksWithTrailer;

    public bool IsSigned => kind is PayloadKind.SignedChunks or PayloadKind.SignedChunksWithTrailer;

    public string Seed { get; init; } = ExampleSeed;

    public string Trailer { get; init; } = Checksum;

    public string Ending { get; init; } = "\r\n";

    /// <summary>Gets or sets the change made to a chunk's header line before it is written.</summary>
    public Func<int, string, string> Header { get; init; } = (_, line) => line;

    public byte[] Encode(params byte[][] chunks)
    {
        using var body = new MemoryStream();
        var previous = Seed;
        foreach (var (index, chunk) in chunks.Append([]).Index())
        {
            var line = $"{chunk.Length:x}";
            if (IsSigned)
            {
                previous = _client.SignChunk(previous, chunk);
                line += $";chunk-signature={previous}";
            }

            Write(body, Header(index, line) + "\r\n");
            body.Write(chunk);
            Write(body, chunk.Length > 0 ? "\r\n" : "");
        }

        if (HasTrailer)
        {
            Write(body, Trailer + "\r\n");
            if (IsSigned)
            {
                Write(body, $"x-amz-trailer-signature:{_client.SignTrailers(previous, Trailer + "\n")}\r\n");
            }
        }

        Write(body, Ending);
        return body.ToArray();
    }

    public AwsChunkedStream Open(Stream body, long length, params string[] trailerNames)
    {
        var scope = new CredentialScope(ClientSigner.KeyId, "20130524", "us-east-1");
        var key = SigningKey.Derive(ClientSigner.Secret, scope.Date, scope.Region);
        var seed = new ChunkSeed(key, scope.AccessKeyId, _client.Time, scope.Text, Seed);
        string[] announced = HasTrailer && trailerNames.Length == 0 ? ["x-amz-checksum-crc32c"] : trailerNames;
        return new(body, length, new(kind, ""), IsSigned ? seed : null, announced);
    }

    private static void Write(MemoryStream body, string text) => body.Write(Encoding.UTF8.GetBytes(text));
}
