using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MediaAspire.Core.Images.Imgproxy;
using MediaAspire.Tests.Harness;
using MediaAspire.Tests.Media.Uploads;
using Microsoft.Extensions.DependencyInjection;

namespace MediaAspire.Tests.Images.Variants;

/// <summary>The HTTP surface of variants: errors, caching, rights and signatures.</summary>
public sealed class VariantEndpointsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private static readonly (string, string)[] s_signing = [("Images:Signing:Keys:k1", Secret)];

    private readonly FakeObjectStore _store = new();
    private readonly CountingProcessor _processor = new();

    public Task InitializeAsync() => postgres.ClearAsync("image_blobs", "images", "jobs", "dead_jobs");

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task An_unknown_operation_or_bad_value_is_400_and_never_500()
    {
        await using var host = await StartAsync();
        var alias = await host.AddImageAsync("cat");

        await AssertAsync(host.Client, $"/images/{alias}/process.webp?grayscale=1", HttpStatusCode.BadRequest, "operation-unknown");
        await AssertAsync(host.Client, $"/images/{alias}/process.webp?resize=many", HttpStatusCode.BadRequest, "operation-invalid");
        await AssertAsync(host.Client, $"/images/{alias}/process.webp?crop=16", HttpStatusCode.BadRequest, "operation-invalid");
        await AssertAsync(host.Client, $"/images/{alias}/process.webp?resize=%FF%00", HttpStatusCode.BadRequest, "operation-invalid");
        await AssertAsync(host.Client, $"/images/{alias}/process.svg?resize=3", HttpStatusCode.BadRequest, "format-unsupported");
        await AssertAsync(host.Client, "/images/noextension/process.webp?resize=3", HttpStatusCode.BadRequest, "alias-invalid");
        await AssertAsync(host.Client, "/images/dog.jpg/process.webp?resize=3", HttpStatusCode.NotFound, "alias-not-found");
        await AssertAsync(
            host.Client, $"/images/{alias}/process.webp?fit=10000x10000:enlarge", HttpStatusCode.UnprocessableEntity, "variant-too-large");
        await AssertAsync(
            host.Client, $"/images/{alias}/process.webp?blur=100", HttpStatusCode.UnprocessableEntity, "variant-too-slow");
        Assert.Equal(0, _processor.Runs);
    }

    [Fact]
    public async Task Backgrounded_and_force_are_not_ignored()
    {
        await using var host = await StartAsync();
        var alias = await host.AddImageAsync("cat");

        foreach (var parameter in new[] { "backgrounded", "backgrounded=true", "force=true" })
        {
            using var response = await host.Client.GetAsync($"/images/{alias}/process.webp?resize=3&{parameter}");
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
    }

    [Fact]
    public async Task HEAD_is_404_until_a_variant_is_made_and_never_makes_it()
    {
        await using var host = await StartAsync();
        var alias = await host.AddImageAsync("cat");
        var address = $"/images/{alias}/process.webp?resize=320";

        using (var before = await host.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, address)))
        {
            Assert.Equal(HttpStatusCode.NotFound, before.StatusCode);
        }

        Assert.Equal(0, _processor.Runs);
        var body = await host.GetOkAsync(address);
        using var after = await host.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, address));
        Assert.Equal((HttpStatusCode.OK, (long?)body.Length), (after.StatusCode, after.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task A_variant_has_a_tag_ranges_and_a_long_life_in_caches()
    {
        await using var host = await StartAsync(("Images:PublicReads", "true"));
        var alias = await host.AddImageAsync("cat");
        var address = $"/images/{alias}/process.webp?resize=320";

        using var whole = await host.CreateStranger().GetAsync(address);
        Assert.Equal("cat as resize=320.webp", await whole.Content.ReadAsStringAsync());
        Assert.Equal("image/webp", whole.Content.Headers.ContentType?.MediaType);
        Assert.Equal("public, max-age=604800, immutable", Header(whole, "Cache-Control"));
        Assert.Equal("nosniff", Header(whole, "X-Content-Type-Options"));

        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Range = new RangeHeaderValue(0, 2);
        using var part = await host.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.PartialContent, "cat"), (part.StatusCode, await part.Content.ReadAsStringAsync()));

        using var beyond = new HttpRequestMessage(HttpMethod.Get, address);
        beyond.Headers.Range = new RangeHeaderValue(1000, null);
        using var outside = await host.Client.SendAsync(beyond);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, outside.StatusCode);

        using var conditional = new HttpRequestMessage(HttpMethod.Get, address);
        conditional.Headers.IfNoneMatch.Add(whole.Headers.ETag!);
        using var unchanged = await host.Client.SendAsync(conditional);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    [Fact]
    public async Task Shared_caches_do_not_keep_what_needs_a_key()
    {
        await using var host = await StartAsync();
        var alias = await host.AddImageAsync("cat");

        using var response = await host.Client.GetAsync($"/images/{alias}/process.webp?resize=320");
        Assert.Equal("private, max-age=604800, immutable", Header(response, "Cache-Control"));
        await AssertAsync(
            host.CreateStranger(), $"/images/{alias}/process.webp?resize=320", HttpStatusCode.Unauthorized, "api-key-required");
    }

    [Fact]
    public async Task The_best_format_follows_what_the_sender_accepts()
    {
        await using var host = await StartAsync();
        var alias = await host.AddImageAsync("cat");

        foreach (var (accept, type) in new[]
        {
            ("image/avif,image/webp,*/*;q=0.8", "image/avif"), ("image/webp,*/*", "image/webp"), ("*/*", "image/jpeg"),
            ("image/avif;q=0,image/webp;q=0.1", "image/webp"), ("image/*", "image/jpeg"), ("nonsense", "image/jpeg"),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/images/{alias}/process.auto?resize=320");
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var response = await host.Client.SendAsync(request);
            Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
            Assert.Equal("Accept", Header(response, "Vary"));
        }

        Assert.Equal(3, _processor.Runs);
    }

    [Fact]
    public async Task Operations_without_effect_on_a_picture_do_not_mint_variants()
    {
        await using var host = await StartAsync();
        var alias = await host.AddImageAsync("cat", width: 300, height: 200);

        foreach (var size in new[] { 300, 301, 5000, 9999 })
        {
            Assert.Equal("cat as identity.webp", await host.GetOkAsync($"/images/{alias}/process.webp?resize={size}"));
        }

        Assert.Equal(1, _processor.Runs);
    }

    [Fact]
    public async Task Presets_mode_takes_presets_and_signed_addresses_only()
    {
        await using var host = await StartAsync(
            [.. s_signing, ("Images:Transformations", "presets"), ("Images:Variants:Presets:small", "crop=1x1&resize=320")]);
        var alias = await host.AddImageAsync("cat");

        Assert.Equal("cat as crop=1x1/resize=320.webp", await host.GetOkAsync($"/images/{alias}/process.webp?preset=small"));
        Assert.Equal("cat as crop=1x1/resize=320.jpg", await host.GetOkAsync($"/images/{alias}/process.auto?preset=small"));
        await AssertAsync(
            host.Client, $"/images/{alias}/process.webp?resize=320", HttpStatusCode.Forbidden, "transformation-not-allowed");
        await AssertAsync(
            host.Client, $"/images/{alias}/process.webp?preset=small&blur=3", HttpStatusCode.Forbidden, "transformation-not-allowed");
        await AssertAsync(host.Client, $"/images/{alias}/process.webp", HttpStatusCode.Forbidden, "transformation-not-allowed");
        Assert.Equal("cat as blur=3.png", await host.GetOkAsync(await SignAsync(host, "cat.jpg", "png", "blur=3")));
    }

    [Fact]
    public async Task Signed_mode_takes_signed_addresses_only_and_those_need_no_key()
    {
        await using var host = await StartAsync(
            [.. s_signing, ("Images:Transformations", "signed"), ("Images:Variants:Presets:small", "resize=320")]);
        var alias = await host.AddImageAsync("cat");

        await AssertAsync(
            host.Client, $"/images/{alias}/process.webp?preset=small", HttpStatusCode.Forbidden, "transformation-not-allowed");
        var signed = await SignAsync(host, "cat.jpg", "webp", "resize=100&blur=2", expiresIn: 60);
        using (var response = await host.CreateStranger().GetAsync(signed))
        {
            Assert.Equal("cat as resize=100/blur=2.webp", await response.Content.ReadAsStringAsync());
            Assert.Matches("^public, max-age=(5[0-9]|60), immutable$", Header(response, "Cache-Control"));
        }

        await AssertAsync(
            host.CreateStranger(), signed.Replace("resize=100", "resize=101", StringComparison.Ordinal), HttpStatusCode.Forbidden,
            "signature-invalid");
        await AssertAsync(host.CreateStranger(), signed + "&blur=9", HttpStatusCode.Forbidden, "signature-invalid");

        var original = await SignAsync(host, "cat.jpg", extension: null, operations: null);
        using var bytes = await host.CreateStranger().GetAsync(original);
        Assert.Equal("cat", await bytes.Content.ReadAsStringAsync());
        await AssertAsync(host.CreateStranger(), $"/images/{alias}", HttpStatusCode.Unauthorized, "api-key-required");
    }

    [Fact]
    public async Task Signing_refuses_bad_requests()
    {
        await using var host = await StartAsync(s_signing);
        await host.AddImageAsync("cat");
        await using var keyless = await StartAsync();

        await AssertSignAsync(host, "dog.jpg", new { }, HttpStatusCode.NotFound, "alias-not-found");
        await AssertSignAsync(host, "cat.jpg", new { operations = "resize=3" }, HttpStatusCode.BadRequest, "sign-request-invalid");
        await AssertSignAsync(
            host, "cat.jpg", new { extension = "webp", operations = "a=3" }, HttpStatusCode.BadRequest, "operation-unknown");
        await AssertSignAsync(
            host, "cat.jpg", new { extension = "webp", operations = "key=k1" }, HttpStatusCode.BadRequest, "sign-request-invalid");
        await AssertSignAsync(host, "cat.jpg", new { expiresIn = 0 }, HttpStatusCode.BadRequest, "lifetime-invalid");
        await AssertSignAsync(host, "cat.jpg", new { expiresIn = 1e300 }, HttpStatusCode.BadRequest, "lifetime-invalid");
        await AssertSignAsync(keyless, "cat.jpg", new { }, HttpStatusCode.Conflict, "signing-key-missing");
    }

    [Fact]
    public async Task Addresses_of_imgproxy_work_as_they_are()
    {
        await using var host = await StartAsync(
            ("Images:Transformations", "signed"), ("Fetching:AllowHttp", "true"),
            ("Images:Imgproxy:Keys:0:Key", "aabb"), ("Images:Imgproxy:Keys:0:Salt", "cc"),
            ("Images:Imgproxy:Keys:1:Key", "736563726574"), ("Images:Imgproxy:Keys:1:Salt", "68656C6C6F"));
        await host.AddImageAsync("cat");
        var signatures = host.Services.GetRequiredService<ImgproxySignatures>();
        var path = "/rs:fill:300:400:0/g:sm/fn:kitten/plain/local:///cat.jpg@png";

        using (var response = await host.CreateStranger().GetAsync($"/images/imgproxy/{signatures.Sign(path)}{path}"))
        {
            Assert.Equal("cat as fill=300x400@smart.png", await response.Content.ReadAsStringAsync());
            Assert.Contains("kitten", Header(response, "Content-Disposition"), StringComparison.Ordinal);
        }

        const string raw = "/raw:1/plain/cat.jpg";
        using var original = await host.CreateStranger().GetAsync($"/images/imgproxy/{signatures.Sign(raw)}{raw}");
        Assert.Equal("cat", await original.Content.ReadAsStringAsync());

        // The published vector, with its source on another server, whose content is here already.
        await using (var proxied = postgres.Database.CreateCommand(
            """
            INSERT INTO image_proxies (url_sha256, url, alias, fresh_until)
            VALUES (sha256(convert_to($1, 'UTF8')), $1, 'cat.jpg', now() + interval '1 hour')
            """))
        {
            proxied.Parameters.Add(new() { Value = "http://example.com/images/curiosity.jpg" });
            await proxied.ExecuteNonQueryAsync();
        }

        const string vector = "/rs:fill:300:400:0/g:sm/aHR0cDovL2V4YW1w/bGUuY29tL2ltYWdl/cy9jdXJpb3NpdHku/anBn.png";
        using (var fetched = await host.CreateStranger().GetAsync(
            $"/images/imgproxy/oKfUtW34Dvo2BGQehJFR4Nr0_rIjOtdtzJ3QFsUcXH8{vector}"))
        {
            Assert.Equal("cat as fill=300x400@smart.png", await fetched.Content.ReadAsStringAsync());
            Assert.Matches("^public, max-age=(3[56][0-9][0-9]), immutable$", Header(fetched, "Cache-Control"));
        }

        await AssertAsync(host.CreateStranger(), $"/images/imgproxy/insecure{path}", HttpStatusCode.Forbidden, "signature-invalid");
        await AssertAsync(host.Client, $"/images/imgproxy/insecure{path}", HttpStatusCode.Forbidden, "signature-invalid");
        await AssertAsync(host.Client, "/images/imgproxy/nothing", HttpStatusCode.NotFound, "imgproxy-path-invalid");
        await AssertSignedAsync(host, signatures, "/wm:1/plain/cat.jpg", HttpStatusCode.UnprocessableEntity, "imgproxy-option-unsupported");
        await AssertSignedAsync(host, signatures, "/w:a/plain/cat.jpg", HttpStatusCode.BadRequest, "imgproxy-option-invalid");
        await AssertSignedAsync(host, signatures, "/plain/dog.jpg", HttpStatusCode.NotFound, "alias-not-found");
    }

    [Fact]
    public async Task Without_keys_a_signature_of_imgproxy_gives_no_right()
    {
        await using var host = await StartAsync();
        await host.AddImageAsync("cat");

        Assert.Equal("cat as fit=300x.png", await host.GetOkAsync("/images/imgproxy/insecure/w:300/plain/cat.jpg@png"));
        await AssertAsync(
            host.CreateStranger(), "/images/imgproxy/insecure/w:300/plain/cat.jpg@png", HttpStatusCode.Unauthorized, "api-key-required");

        await using var open = await StartAsync(("Images:PublicReads", "true"));
        await AssertAsync(
            open.CreateStranger(), "/images/imgproxy/insecure/plain/http://127.0.0.1/cat.jpg", HttpStatusCode.Forbidden,
            "imgproxy-source-forbidden");
    }

    private Task<VariantsHost> StartAsync(params (string Key, string Value)[] settings) =>
        VariantsHost.StartAsync(postgres, _store, _processor, runsJobs: true, settings);

    private static async Task<string> SignAsync(
        VariantsHost host, string alias, string? extension, string? operations, int? expiresIn = null)
    {
        using var response = await host.Client.PostAsJsonAsync($"/images/{alias}/sign", new { extension, operations, expiresIn });
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.IsSuccessStatusCode, answer.ToString());
        return answer.GetProperty("url").GetString()!;
    }

    private static async Task AssertSignAsync(VariantsHost host, string alias, object body, HttpStatusCode status, string code)
    {
        using var response = await host.Client.PostAsJsonAsync($"/images/{alias}/sign", body);
        await AssertAsync(response, status, code);
    }

    private static Task AssertSignedAsync(
        VariantsHost host, ImgproxySignatures signatures, string path, HttpStatusCode status, string code) =>
        AssertAsync(host.CreateStranger(), $"/images/imgproxy/{signatures.Sign(path)}{path}", status, code);

    private static async Task AssertAsync(HttpClient client, string address, HttpStatusCode status, string code)
    {
        using var response = await client.GetAsync(address);
        await AssertAsync(response, status, code);
    }

    private static async Task AssertAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        Assert.Equal(code, JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values)
            || response.Content.Headers.NonValidated.TryGetValues(name, out values) ? values.ToString() : "";
}
