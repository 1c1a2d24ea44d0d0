using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Multipart;

public sealed class ListPartsTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private S3TestHost _host = null!;
    private TestUpload _upload = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres, settings: new Dictionary<string, string?> { ["S3:MinPartSize"] = "1" });
        await _host.CreateBucketAsync("first");
        _upload = await TestUpload.BeginAsync(_host, "/first/a", ("x-amz-checksum-algorithm", "CRC32C"));
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task A_part_is_listed_with_what_it_is()
    {
        var etag = await _upload.PutAsync(3, "hello"u8.ToArray());

        var document = await _upload.ListPartsAsync();

        Assert.Equal("ListPartsResult", document.Name.LocalName);
        Assert.Equal(("first", "a", _upload.Id), (document.Text("Bucket"), document.Text("Key"), document.Text("UploadId")));
        Assert.Equal(("STANDARD", "0", "1000", "false"),
            (document.Text("StorageClass"), document.Text("PartNumberMarker"), document.Text("MaxParts"), document.Text("IsTruncated")));
        Assert.Equal(S3TestHost.Owner, document.Named("Owner").Single().Text("ID"));
        Assert.Equal(S3TestHost.Owner, document.Named("Initiator").Single().Text("ID"));
        Assert.Equal(("CRC32C", "COMPOSITE"), (document.Text("ChecksumAlgorithm"), document.Text("ChecksumType")));
        var part = Assert.Single(document.Named("Part"));
        Assert.Equal(("3", etag, "5", "mnG7TA=="),
            (part.Text("PartNumber"), part.Text("ETag"), part.Text("Size"), part.Text("ChecksumCRC32C")));
    }

    [Fact]
    public async Task Pages_follow_each_other_to_the_end()
    {
        foreach (var number in new[] { 10_000, 1, 5, 2, 9 })
        {
            await _upload.PutAsync(number, [1]);
        }

        var first = await _upload.ListPartsAsync("&max-parts=2");
        var second = await _upload.ListPartsAsync($"&max-parts=2&part-number-marker={first.Text("NextPartNumberMarker")}");
        var third = await _upload.ListPartsAsync($"&max-parts=2&part-number-marker={second.Text("NextPartNumberMarker")}");
        var behind = await _upload.ListPartsAsync("&part-number-marker=10000");
        var none = await _upload.ListPartsAsync("&max-parts=0");

        Assert.Equal(["1", "2", "true"], [.. first.Texts("PartNumber"), first.Text("IsTruncated")]);
        Assert.Equal(["5", "9", "true", "2"], [.. second.Texts("PartNumber"), second.Text("IsTruncated"), second.Text("PartNumberMarker")]);
        Assert.Equal(["10000", "false"], [.. third.Texts("PartNumber"), third.Text("IsTruncated")]);
        Assert.Empty(third.Texts("NextPartNumberMarker"));
        Assert.Empty(behind.Texts("PartNumber"));
        Assert.Empty(none.Texts("PartNumber"));
    }

    [Theory]
    [InlineData("&max-parts=-1")]
    [InlineData("&max-parts=many")]
    [InlineData("&part-number-marker=x")]
    [InlineData("&part-number-marker=-1")]
    public async Task A_limit_or_marker_that_is_no_number_is_refused(string more)
    {
        using var answer = await _host.GetAsync(_upload.Target + more);

        await answer.AssertErrorAsync(400, "InvalidArgument");
    }

    [Fact]
    public async Task Ten_thousand_parts_are_listed_in_pages_and_completed()
    {
        var etag = await _upload.PutAsync(1, "x"u8.ToArray());

        // The same file ten thousand times: a part put over HTTP differs in nothing but its file.
        await _host.Files.CountAsync(
            """
            WITH more AS (
                INSERT INTO multipart_parts (upload_id, part_number, file_id, size, etag, checksum)
                SELECT upload_id, number, file_id, size, etag, checksum
                FROM multipart_parts, generate_series(2, 10000) AS number
                RETURNING 1),
            held AS (UPDATE files SET holders = 10000 RETURNING 1)
            SELECT count(*) FROM more, held
            """);
        var seen = new List<string>();
        var marker = "0";
        while (marker is not null)
        {
            var page = await _upload.ListPartsAsync($"&part-number-marker={marker}");
            seen.AddRange(page.Texts("PartNumber"));
            Assert.True(page.Texts("PartNumber").Length <= 1000);
            marker = page.Texts("NextPartNumberMarker").SingleOrDefault();
        }

        (int, string)[] parts = [.. Enumerable.Range(1, 10_000).Select(number => (number, etag))];
        using var completed = await _upload.CompleteAsync(TestUpload.ListOf(parts));
        using var head = await _host.HeadAsync("/first/a?partNumber=10000");
        using var range = await _host.GetAsync("/first/a", ("Range", "bytes=9990-"));

        Assert.Equal(Enumerable.Range(1, 10_000).Select(number => $"{number}"), seen);
        await completed.AssertStatusAsync(200);
        Assert.EndsWith("-10000\"", (await completed.XmlAsync()).Text("ETag"), StringComparison.Ordinal);
        Assert.Equal("10000", head.Header("x-amz-mp-parts-count"));
        Assert.Equal("xxxxxxxxxx", await range.Content.ReadAsStringAsync());
    }
}
