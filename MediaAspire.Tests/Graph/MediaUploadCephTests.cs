using System.Net;
using System.Security.Cryptography;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

/// <summary>Uploads of media to Ceph's gateway, which knows no SHA-256 and takes any bytes of the signed length.</summary>
[Collection(ReplicatedGraphGroup.Name)]
public sealed class MediaUploadCephTests(ReplicatedGraph graph)
{
    [CephFact]
    public async Task An_item_is_verified_by_a_job_downloaded_with_its_hash_and_removed()
    {
        var content = RandomNumberGenerator.GetBytes(3_000_000);
        var item = await graph.Api.CreateAsync(MediaUploads.Declare(content));
        Assert.Equal(HttpStatusCode.OK, await MediaUploads.UploadAsync(item["parts"]![0]!["upload"]!, content));

        var finalized = await graph.Api.FinalizeAsync(item);
        Assert.Matches("^(verifying|stored)$", finalized["parts"]![0]!["state"]!.ToString());

        var ready = await graph.Api.WaitAsync(item, MediaUploads.IsReady);
        await MediaUploads.AssertDownloadsAsync(ready, content);
        await graph.RemoveAsync(ready);
    }

    [CephFact]
    public async Task Wrong_bytes_of_the_right_length_are_found_by_the_job_and_never_served()
    {
        var content = RandomNumberGenerator.GetBytes(1000);
        var wrong = RandomNumberGenerator.GetBytes(1000);
        var item = await graph.Api.CreateAsync(MediaUploads.Declare(content));
        Assert.Equal(HttpStatusCode.OK, await MediaUploads.UploadAsync(item["parts"]![0]!["upload"]!, wrong));

        await graph.Api.FinalizeAsync(item);
        var refused = await graph.Api.WaitAsync(item, now => now["error"] is not null);
        Assert.Equal(("pending", "checksum-mismatch"), (refused["status"]!.ToString(), refused["error"]!["code"]!.ToString()));

        using var renewed = await graph.Api.PostAsync($"/media/{item["id"]}/uploads", content: null);
        var next = await MediaUploads.ReadAsync(renewed, HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await MediaUploads.UploadAsync(next["parts"]![0]!["upload"]!, content));
        await graph.Api.FinalizeAsync(item);
        await MediaUploads.AssertDownloadsAsync(await graph.Api.WaitAsync(item, MediaUploads.IsReady), content);
    }

    [CephFact]
    public async Task Bytes_that_replace_the_verified_ones_are_never_served()
    {
        var content = RandomNumberGenerator.GetBytes(1000);
        var item = await graph.Api.CreateAsync(MediaUploads.Declare(content));
        var upload = item["parts"]![0]!["upload"]!;
        Assert.Equal(HttpStatusCode.OK, await MediaUploads.UploadAsync(upload, content));
        await graph.Api.FinalizeAsync(item);
        var ready = await graph.Api.WaitAsync(item, MediaUploads.IsReady);

        // This store takes other bytes at the address, as long as it is valid.
        Assert.Equal(HttpStatusCode.OK, await MediaUploads.UploadAsync(upload, RandomNumberGenerator.GetBytes(1000)));

        await MediaUploads.AssertDownloadsAsync(await graph.Api.WaitAsync(item, MediaUploads.IsReady), content);
        await graph.RemoveAsync(ready);
    }

    [CephFact]
    public async Task The_store_refuses_another_length_and_another_key_than_declared()
    {
        var content = RandomNumberGenerator.GetBytes(1000);
        var item = await graph.Api.CreateAsync(MediaUploads.Declare(content));
        var upload = item["parts"]![0]!["upload"]!;
        var elsewhere = upload.DeepClone();
        elsewhere["url"] = upload["url"]!.ToString().Replace("/1-", "/2-", StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Forbidden, await MediaUploads.UploadAsync(upload, content[..999]));
        Assert.Equal(HttpStatusCode.Forbidden, await MediaUploads.UploadAsync(elsewhere, content));
        await MediaUploads.AssertProblemAsync(
            graph.Api.PostAsync($"/media/{item["id"]}/finalize", content: null), HttpStatusCode.Conflict, "not-uploaded");
    }

    [CephFact]
    public async Task A_large_part_is_uploaded_in_parts_hashed_and_served()
    {
        var content = RandomNumberGenerator.GetBytes(6_000_000);
        var declaration = MediaUploads.Declare(content);
        declaration["multipart"] = true;
        var item = await graph.Api.CreateAsync(declaration);
        var request = Assert.Single(item["parts"]![0]!["multipart"]!["requests"]!.AsArray());
        Assert.Equal(HttpStatusCode.OK, await MediaUploads.UploadAsync(request!, content));

        await graph.Api.FinalizeAsync(item);

        await MediaUploads.AssertDownloadsAsync(await graph.Api.WaitAsync(item, MediaUploads.IsReady), content);
    }
}
