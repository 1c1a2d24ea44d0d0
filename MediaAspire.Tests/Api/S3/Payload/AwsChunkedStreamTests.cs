using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MediaAspire.Api.S3.Payload;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Api.S3.Signing;

namespace MediaAspire.Tests.Api.S3.Payload;

public sealed class AwsChunkedStreamTests
{
    private static readonly byte[] s_first = Bytes(9000, seed: 1);
    private static readonly byte[] s_second = Bytes(8192, seed: 2);
    private static readonly byte[] s_last = Bytes(777, seed: 3);

    public static TheoryData<int> Kinds =>
    [
        (int)PayloadKind.SignedChunks,
        (int)PayloadKind.SignedChunksWithTrailer,
        (int)PayloadKind.UnsignedChunksWithTrailer,
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task ReadAsync_BodyTornAtAnyByte_GivesTheObject(int kind)
    {
        var body = new ChunkedBody((PayloadKind)kind);
        var encoded = body.Encode(s_first, s_last);

        byte[] expected = [.. s_first, .. s_last];

        // Every place where two network reads can meet, near everything that is not data.
        for (var cut = 1; cut < encoded.Length; cut = cut is > 120 and < 8900 ? 8900 : cut + 1)
        {
            await using var stream = body.Open(new TornStream(encoded, position => position < cut ? cut - position : int.MaxValue), 9777);

            Assert.Equal(expected, await ReadAsync(stream, 4000));
            Assert.Equal(body.HasTrailer ? "sOO8/Q==" : null, stream.Trailers.GetValueOrDefault("x-amz-checksum-crc32c"));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ReadAsync_AnyNetworkAndAnyReader_GivesTheObject(int kind)
    {
        var body = new ChunkedBody((PayloadKind)kind);
        var encoded = body.Encode(s_first, s_second, s_last);
        byte[] expected = [.. s_first, .. s_second, .. s_last];

        var seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();
        var readSizes = Gen.OneOf(Gen.Choose(1, 20), Gen.Choose(1, 20_000)).ToArbitrary();
        Prop.ForAll(seeds, readSizes, (seed, readerBytes) =>
        {
            var random = new Random(seed);
            var torn = new TornStream(encoded, _ => random.Next(2) == 0 ? random.Next(1, 40) : random.Next(1, 9000));
            using var stream = body.Open(torn, expected.Length);
            var read = ReadAsync(stream, readerBytes);
            Assert.True(read.IsCompletedSuccessfully);
            return read.GetAwaiter().GetResult().AsSpan().SequenceEqual(expected) && stream.BytesRead == expected.Length;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task ReadAsync_EmptyObject_IsOneEmptyChunk(int kind)
    {
        var body = new ChunkedBody((PayloadKind)kind);
        await using var stream = body.Open(new MemoryStream(body.Encode()), 0);

        Assert.Empty(await ReadAsync(stream, 100));
        Assert.Equal(body.HasTrailer, stream.Trailers.Count == 1);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task ReadAsync_BodyCutOffAnywhere_FailsAndNeverEnds(int kind)
    {
        var body = new ChunkedBody((PayloadKind)kind) { Ending = "" };
        var encoded = body.Encode(s_first, s_last);

        for (var length = 0; length < encoded.Length - 2; length += length is > 200 and < 8700 ? 997 : 1)
        {
            await using var stream = body.Open(new MemoryStream(encoded, 0, length), 9777);

            Assert.Equal("IncompleteBody", (await RefuseAsync(stream)).Code);
            Assert.Empty(stream.Trailers);
        }
    }

    [Theory]
    [InlineData((int)PayloadKind.SignedChunks)]
    [InlineData((int)PayloadKind.SignedChunksWithTrailer)]
    public async Task ReadAsync_OneByteOfSignedDataOrSignatureChanged_DoesNotMatch(int kind)
    {
        var body = new ChunkedBody((PayloadKind)kind);
        var encoded = body.Encode(s_first, s_last);
        var second = 9000 + "2328;chunk-signature=".Length + 64 + 4;

        var last = encoded.Length - (body.HasTrailer ? 150 : 5);
        foreach (var position in new[] { 21, 84, 87, 5000, 9086, second + 20, second + 83, second + 86, second + 86 + 776, last })
        {
            var tampered = encoded.ToArray();
            tampered[position] = (byte)(tampered[position] == 'a' ? 'b' : 'a');
            await using var stream = body.Open(new MemoryStream(tampered), 9777);

            Assert.Equal(("SignatureDoesNotMatch", 403), await CodeAsync(stream));
        }
    }

    [Fact]
    public async Task ReadAsync_ChunksSwapped_DoNotMatch()
    {
        var body = new ChunkedBody(PayloadKind.SignedChunks);
        var encoded = body.Encode(s_second, Bytes(8192, seed: 9));
        var chunk = 8192 + "2000;chunk-signature=".Length + 64 + 4;
        byte[] swapped = [.. encoded[chunk..(2 * chunk)], .. encoded[..chunk], .. encoded[(2 * chunk)..]];
        await using var stream = body.Open(new MemoryStream(swapped), 16384);

        Assert.Equal("SignatureDoesNotMatch", (await RefuseAsync(stream)).Code);
    }

    [Fact]
    public async Task ReadAsync_LastChunksLeftOut_IsNoticedByLength()
    {
        var body = new ChunkedBody(PayloadKind.UnsignedChunksWithTrailer);
        await using var stream = body.Open(new MemoryStream(body.Encode(s_first)), 9777);

        Assert.Equal("IncompleteBody", (await RefuseAsync(stream)).Code);
        Assert.Equal(9000, stream.BytesRead);
    }

    [Fact]
    public async Task ReadAsync_MoreBytesThanDeclared_AreNotHandedOut()
    {
        var body = new ChunkedBody(PayloadKind.UnsignedChunksWithTrailer);
        await using var stream = body.Open(new MemoryStream(body.Encode(s_first, s_last)), 9776);

        Assert.Equal("IncompleteBody", (await RefuseAsync(stream)).Code);
        Assert.Equal(9000, stream.BytesRead);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task ReadAsync_SmallChunkThatIsNotTheLast_IsRefused(int kind)
    {
        var body = new ChunkedBody((PayloadKind)kind);
        await using var stream = body.Open(new MemoryStream(body.Encode(s_first, s_last, s_last)), 10554);

        var error = await RefuseAsync(stream);

        Assert.Equal(("InvalidChunkSizeError", 400), (error.Code, error.Status));
        Assert.Equal([new("Chunk", "2"), new("BadChunkSize", "777")], error.Details);
    }

    [Theory]
    [InlineData("zz")]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("8000000000000000")]
    [InlineData("FFFFFFFFFFFFFFFFF")]
    [InlineData("2328;chunk-signature=abc")]
    [InlineData("2328;signature=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("2328")]
    public async Task ReadAsync_NoChunkHeader_IsRefused(string line)
    {
        var body = new ChunkedBody(PayloadKind.SignedChunks) { Header = (index, header) => index == 0 ? line : header };
        await using var stream = body.Open(new MemoryStream(body.Encode(s_first)), long.MaxValue);

        Assert.Equal("IncompleteBody", (await RefuseAsync(stream)).Code);
    }

    [Fact]
    public async Task ReadAsync_EndlessHeader_IsRefusedAfterAKibibyteOrSo()
    {
        var read = 0;
        var endless = new TornStream([.. Enumerable.Repeat((byte)'0', 1_000_000)], position => Math.Max(100, (read = position) * 0));
        await using var stream = new ChunkedBody(PayloadKind.UnsignedChunksWithTrailer).Open(endless, 9);

        Assert.Equal("IncompleteBody", (await RefuseAsync(stream)).Code);
        Assert.InRange(read, 900, 2048);
    }

    [Theory]
    [InlineData("x-amz-checksum-crc32:AAAAAA==")]
    [InlineData("no colon")]
    [InlineData(":value")]
    [InlineData("x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-checksum-crc32c:sOO8/Q==")]
    [InlineData("")]
    public async Task ReadAsync_TrailersOtherThanAnnounced_AreMalformed(string trailer)
    {
        foreach (var kind in new[] { PayloadKind.UnsignedChunksWithTrailer, PayloadKind.SignedChunksWithTrailer })
        {
            var body = new ChunkedBody(kind) { Trailer = trailer };
            await using var stream = body.Open(new MemoryStream(body.Encode(s_first)), 9000);

            Assert.Equal(("MalformedTrailerError", 400), await CodeAsync(stream));
            Assert.Empty(stream.Trailers);
        }
    }

    [Fact]
    public async Task ReadAsync_TrailerChanged_DoesNotMatchItsSignature()
    {
        var body = new ChunkedBody(PayloadKind.SignedChunksWithTrailer);
        var encoded = Encoding.Latin1.GetString(body.Encode(s_first)).Replace("sOO8", "sOO9", StringComparison.Ordinal);
        await using var stream = body.Open(new MemoryStream(Encoding.Latin1.GetBytes(encoded)), 9000);

        Assert.Equal("SignatureDoesNotMatch", (await RefuseAsync(stream)).Code);
    }

    [Fact]
    public async Task ReadAsync_TrailerSignatureMissing_IsMalformed()
    {
        var body = new ChunkedBody(PayloadKind.SignedChunksWithTrailer);
        var encoded = body.Encode(s_first);
        byte[] padded = [.. encoded[..^(64 + 28)], .. "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n"u8];
        await using var stream = body.Open(new MemoryStream(padded), 9000);

        Assert.Equal("MalformedTrailerError", (await RefuseAsync(stream)).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("\r\n\r\n")]
    public async Task ReadAsync_AnyOfTheUsualEndings_IsAnEnd(string ending)
    {
        foreach (var kind in new[] { PayloadKind.SignedChunks, PayloadKind.SignedChunksWithTrailer })
        {
            var body = new ChunkedBody(kind) { Ending = ending };
            await using var stream = body.Open(new MemoryStream(body.Encode(s_first)), 9000);

            Assert.Equal(s_first, await ReadAsync(stream, 4096));
            Assert.Equal(0, await stream.ReadAsync(new byte[1], CancellationToken.None));
        }
    }

    [Fact]
    public async Task ReadAsync_TrailerEndedByTwoLineFeeds_IsReadAllTheSame()
    {
        var body = new ChunkedBody(PayloadKind.SignedChunksWithTrailer);
        var encoded = Encoding.Latin1.GetString(body.Encode(s_first)).Replace("sOO8/Q==\r\n", "sOO8/Q==\n\r\n", StringComparison.Ordinal);
        await using var stream = body.Open(new MemoryStream(Encoding.Latin1.GetBytes(encoded)), 9000);

        Assert.Equal(s_first, await ReadAsync(stream, 4096));
        Assert.Equal("sOO8/Q==", stream.Trailers["x-amz-checksum-crc32c"]);
    }

    [Fact]
    public async Task ReadAsync_SomethingAfterTheEnd_IsRefused()
    {
        var body = new ChunkedBody(PayloadKind.SignedChunks) { Ending = "\r\n0;chunk-signature=" };
        await using var stream = body.Open(new MemoryStream(body.Encode(s_first)), 9000);

        Assert.Equal("IncompleteBody", (await RefuseAsync(stream)).Code);
    }

    [Fact]
    public async Task ReadAsync_ManyChunks_AllocatesNothingForEach()
    {
        var body = new ChunkedBody(PayloadKind.SignedChunks);
        var few = body.Encode([.. Enumerable.Repeat(s_second, 4)]);
        var many = body.Encode([.. Enumerable.Repeat(s_second, 204)]);
        var buffer = new byte[16384];

        // The minimum of several runs: the first ones include allocations that the runtime keeps.
        var difference = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            difference = Math.Min(difference, await MeasureAsync(many, 204 * 8192) - await MeasureAsync(few, 4 * 8192));
        }

        Assert.InRange(difference, long.MinValue, 200 * 8);

        async Task<long> MeasureAsync(byte[] encoded, long length)
        {
            await using var stream = body.Open(new MemoryStream(encoded), length);
            var before = GC.GetAllocatedBytesForCurrentThread();
            while (await stream.ReadAsync(buffer, CancellationToken.None) > 0)
            {
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static async Task<byte[]> ReadAsync(PayloadStream stream, int bufferBytes)
    {
        using var all = new MemoryStream();
        var buffer = new byte[bufferBytes];
        int read;
        while ((read = await stream.ReadAsync(buffer, CancellationToken.None)) > 0)
        {
            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    private static async Task<S3Error> RefuseAsync(PayloadStream stream) =>
        (await Assert.ThrowsAsync<S3Exception>(() => ReadAsync(stream, 4096))).Error;

    private static async Task<(string Code, int Status)> CodeAsync(PayloadStream stream) =>
        await RefuseAsync(stream) is var error ? (error.Code, error.Status) : default;
}
