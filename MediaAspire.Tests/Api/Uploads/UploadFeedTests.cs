using MediaAspire.Api.Console.Feed;
using MediaAspire.Api.Uploads;
using MediaAspire.Core.ApiKeys;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.Uploads;

/// <summary>The uploads under way as a topic of the console's events.</summary>
public sealed class UploadFeedTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task The_topic_has_the_progress_of_uploads_of_all_owners_until_they_end()
    {
        await using var api = await UploadApi.StartAsync(postgres);
        await api.CreateKeyAsync("alicekey", "alice", ApiScopeNames.FilesWrite);
        var first = await api.CreateAsync(11);
        var second = await api.CreateAsync(3, ("Upload-Metadata", "owner YWxpY2U="));
        var topic = new UploadsSource(api.Service<UploadPages>());

        await (await api.TusAsync("PATCH", first, [.. "hello"u8], ("Upload-Offset", "0"))).ExpectAsync(204);
        Assert.Equal([(second[^32..], 0L, "alice"), (first[^32..], 5L, null)], await ReadAsync(topic));

        await (await api.TusAsync("PATCH", first, [.. " world"u8], ("Upload-Offset", "5"))).ExpectAsync(204);
        Assert.Equal([(second[^32..], 0L, "alice")], await ReadAsync(topic));
    }

    private static async Task<IEnumerable<(string Id, long Offset, string? Owner)>> ReadAsync(UploadsSource topic) =>
        Assert.IsType<UploadListResponse>(await topic.ReadAsync(CancellationToken.None))
            .Uploads.Select(upload => (upload.Id, upload.Offset, upload.Owner));
}
