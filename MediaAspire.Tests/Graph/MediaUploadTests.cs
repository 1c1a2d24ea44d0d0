using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Graph;

/// <summary>Uploads of media to the graph's own S3.</summary>
[Collection(GraphGroup.Name)]
public sealed class MediaUploadTests(GraphFixture graph)
{
    private const int PartSize = 5 << 20;

    [Fact]
    public async Task An_item_of_two_parts_is_created_uploaded_finalized_downloaded_and_removed()
    {
        byte[][] contents = [RandomNumberGenerator.GetBytes(100_000), RandomNumberGenerator.GetBytes(1)];
        var declaration = MediaUploads.Declare(contents[0]);
        declaration["parts"] = new JsonArray([.. contents.Select(content => Part(MediaUploads.Declare(content)))]);
        foreach (var name in new[] { "contentType", "size", "sha256" })
        {
            declaration.Remove(name);
        }

        var item = await graph.Api.CreateAsync(declaration);
        Assert.Equal("pending", item["status"]!.ToString());
        foreach (var (part, content) in item["parts"]!.AsArray().Zip(contents))
        {
            Assert.Equal(HttpStatusCode.OK, await MediaUploads.UploadAsync(part!["upload"]!, content));
        }

        await graph.Api.FinalizeAsync(item);
        await graph.Api.FinalizeAsync(item);
        var ready = await graph.Api.WaitAsync(item, MediaUploads.IsReady);
        await MediaUploads.AssertDownloadsAsync(ready, contents);
        await graph.RemoveAsync(ready);
    }

    [Fact]
    public async Task A_large_part_is_uploaded_in_parts_hashed_and_served()
    {
        var content = RandomNumberGenerator.GetBytes(PartSize + 1000);
        var declaration = MediaUploads.Declare(content);
        declaration["multipart"] = true;

        var item = await graph.Api.CreateAsync(declaration);
        var multipart = item["parts"]![0]!["multipart"]!;
        var partSize = multipart["partSize"]!.GetValue<int>();
        foreach (var (request, index) in multipart["requests"]!.AsArray().Select((request, index) => (request, index)))
        {
            var bytes = content.AsSpan(partSize * index).ToArray();
            Assert.Equal(HttpStatusCode.OK, await MediaUploads.UploadAsync(request!, bytes[..Math.Min(partSize, bytes.Length)]));
        }

        await graph.Api.FinalizeAsync(item);
        var ready = await graph.Api.WaitAsync(item, MediaUploads.IsReady);
        await MediaUploads.AssertDownloadsAsync(ready, content);
        await graph.RemoveAsync(ready);
    }

    [Fact]
    public async Task The_store_refuses_other_bytes_another_length_and_another_key_than_declared()
    {
        var content = RandomNumberGenerator.GetBytes(1000);
        var item = await graph.Api.CreateAsync(MediaUploads.Declare(content));
        var upload = item["parts"]![0]!["upload"]!;
        var wrong = content.ToArray();
        wrong[7] ^= 1;
        var elsewhere = upload.DeepClone();
        elsewhere["url"] = upload["url"]!.ToString().Replace("/1-", "/2-", StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.BadRequest, await MediaUploads.UploadAsync(upload, wrong));
        Assert.Equal(HttpStatusCode.Forbidden, await MediaUploads.UploadAsync(upload, content[..999]));
        Assert.Equal(HttpStatusCode.Forbidden, await MediaUploads.UploadAsync(elsewhere, content));
        await AssertNotUploadedAsync(item);

        Assert.Equal(HttpStatusCode.OK, await MediaUploads.UploadAsync(upload, content));
        Assert.Equal($"{item["id"]}", (await graph.Api.FinalizeAsync(item))["id"]!.ToString());
    }

    [Fact]
    public async Task Finalize_before_the_upload_names_the_parts_and_new_addresses_work()
    {
        var content = RandomNumberGenerator.GetBytes(10);
        var item = await graph.Api.CreateAsync(MediaUploads.Declare(content));
        var problem = await AssertNotUploadedAsync(item);
        Assert.Equal(1, problem["parts"]![0]!["number"]!.GetValue<int>());

        using var renewed = await graph.Api.PostAsync($"/media/{item["id"]}/uploads?expires=60", content: null);
        var next = await MediaUploads.ReadAsync(renewed, HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await MediaUploads.UploadAsync(next["parts"]![0]!["upload"]!, content));
        using var finalized = await graph.Api.PostAsJsonAsync("/media/finalize", new { id = $"{item["id"]}" });
        Assert.Equal(HttpStatusCode.OK, finalized.StatusCode);
        await MediaUploads.AssertProblemAsync(
            graph.Api.PostAsync($"/media/{item["id"]}/uploads", content: null), HttpStatusCode.Conflict, "media-uploaded");
    }

    [Fact]
    public async Task An_expired_item_is_gone_for_finalize()
    {
        var item = await graph.Api.CreateAsync(MediaUploads.Declare([1]));
        await using (var command = graph.Database.CreateCommand("UPDATE media SET expires_at = now() WHERE media_id = $1::uuid"))
        {
            command.Parameters.Add(new() { Value = $"{item["id"]}", NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
            await command.ExecuteNonQueryAsync();
        }

        using var answer = await graph.Api.PostAsync($"/media/{item["id"]}/finalize", content: null);

        // The duty may have removed it meanwhile.
        Assert.True(answer.StatusCode is HttpStatusCode.Gone or HttpStatusCode.NotFound, $"{answer.StatusCode}");
    }

    [Fact]
    public async Task Bad_requests_are_answered_with_their_problems()
    {
        var good = MediaUploads.Declare([1]);

        await AssertRefusedAsync("{", HttpStatusCode.BadRequest, "json-malformed");
        await AssertRefusedAsync("null", HttpStatusCode.BadRequest, "json-malformed");
        await AssertRefusedAsync("[]", HttpStatusCode.BadRequest, "json-malformed");
        await AssertRefusedAsync(With(good, "size", "1"), HttpStatusCode.BadRequest, "json-malformed");
        await AssertRefusedAsync(With(good, "colour", "red"), HttpStatusCode.BadRequest, "json-malformed");
        await AssertRefusedAsync(With(good, "owner", null), HttpStatusCode.BadRequest, "media-owner-required");
        await AssertRefusedAsync(With(good, "owner", new string('a', 79)), HttpStatusCode.BadRequest, "media-owner-invalid");
        await AssertRefusedAsync(With(good, "kind", "film"), HttpStatusCode.BadRequest, "field-invalid");
        await AssertRefusedAsync(With(good, "name", "\u0000"), HttpStatusCode.BadRequest, "field-invalid");
        await AssertRefusedAsync(With(good, "sha256", "00"), HttpStatusCode.BadRequest, "field-invalid");
        await AssertRefusedAsync(With(good, "alias", "\u202e"), HttpStatusCode.BadRequest, "field-invalid");
        await AssertRefusedAsync(With(good, "size", 200_000_000), HttpStatusCode.RequestEntityTooLarge, "media-too-large");
        await AssertRefusedAsync(
            With(good, "description", new string('a', 1_100_000)), HttpStatusCode.RequestEntityTooLarge, "body-too-large",
            expectContinue: true);
        await AssertRefusedAsync(
            With(good, "references", new JsonArray($"{Guid.CreateVersion7()}")), HttpStatusCode.Forbidden, "media-references-forbidden");
        await MediaUploads.AssertProblemAsync(
            graph.Api.PostAsync("/media", new StringContent($"{good}", Encoding.UTF8, "text/plain")),
            HttpStatusCode.UnsupportedMediaType, "media-type-unsupported");
        await MediaUploads.AssertProblemAsync(
            graph.Api.PostAsync("/media/x/finalize", content: null), HttpStatusCode.BadRequest, "media-id-invalid");
        await MediaUploads.AssertProblemAsync(
            graph.Api.PostAsync($"/media/{Guid.CreateVersion7()}/finalize", content: null), HttpStatusCode.NotFound, "media-not-found");
        await MediaUploads.AssertProblemAsync(
            graph.Api.PostAsync($"/media/{Guid.CreateVersion7()}/uploads?expires=0", content: null),
            HttpStatusCode.BadRequest, "field-invalid");
        using var anonymous = new HttpClient { BaseAddress = graph.Api.BaseAddress };
        using var unauthorized = await anonymous.PostAsJsonAsync("/media", good);
        Assert.Equal(HttpStatusCode.Unauthorized, unauthorized.StatusCode);
    }

    [Fact]
    public async Task An_alias_that_is_taken_names_the_item_that_has_it()
    {
        var declaration = With(MediaUploads.Declare([1], owner: "aliases"), "alias", "sun");
        var first = await graph.Api.CreateAsync(declaration);

        var problem = await MediaUploads.AssertProblemAsync(
            graph.Api.PostAsJsonAsync("/media", declaration), HttpStatusCode.Conflict, "media-alias-taken");

        Assert.Equal((first["id"]!.ToString(), "aliases"), (problem["id"]!.ToString(), problem["owner"]!.ToString()));
    }

    [Fact]
    public async Task The_audit_is_asked_for_and_reported()
    {
        await MediaUploads.AssertProblemAsync(
            graph.Admin.PostAsync("/admin/media/audit?dryRun=perhaps", content: null), HttpStatusCode.BadRequest, "request-malformed");
        using var asked = await graph.Admin.PostAsync("/admin/media/audit?dryRun=true", content: null);
        Assert.True(asked.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Conflict, $"{asked.StatusCode}");

        await graph.WaitForAsync(
            "SELECT count(*) FROM media_audits WHERE state IN ('requested', 'running')", expected: 0, TimeSpan.FromMinutes(1));
        using var answer = await graph.Admin.GetAsync("/admin/media/audit");
        var audit = await MediaUploads.ReadAsync(answer, HttpStatusCode.OK);
        Assert.Equal(("done", 0), (audit["state"]!.ToString(), audit["missing"]!.GetValue<int>()));
    }

    private static JsonObject Part(JsonObject declaration) => new()
    {
        ["contentType"] = declaration["contentType"]!.DeepClone(),
        ["size"] = declaration["size"]!.DeepClone(),
        ["sha256"] = declaration["sha256"]!.DeepClone(),
    };

    private static JsonObject With(JsonObject declaration, string field, JsonNode? value)
    {
        var changed = declaration.DeepClone().AsObject();
        changed[field] = value;
        return changed;
    }

    private Task<JsonNode> AssertNotUploadedAsync(JsonNode item) => MediaUploads.AssertProblemAsync(
        graph.Api.PostAsync($"/media/{item["id"]}/finalize", content: null), HttpStatusCode.Conflict, "not-uploaded");

    private Task<JsonNode> AssertRefusedAsync(JsonObject body, HttpStatusCode status, string code, bool expectContinue = false) =>
        AssertRefusedAsync(body.ToJsonString(), status, code, expectContinue);

    /// <param name="body">The body of the request.</param>
    /// <param name="status">The expected status.</param>
    /// <param name="code">The expected code.</param>
    /// <param name="expectContinue">Wait for the server before sending the body, which it would otherwise stop reading.</param>
    private async Task<JsonNode> AssertRefusedAsync(string body, HttpStatusCode status, string code, bool expectContinue = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/media")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.ExpectContinue = expectContinue;
        return await MediaUploads.AssertProblemAsync(graph.Api.SendAsync(request), status, code);
    }
}
