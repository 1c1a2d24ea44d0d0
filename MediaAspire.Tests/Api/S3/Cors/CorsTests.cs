using MediaAspire.Tests.Api.S3.Access;
using MediaAspire.Tests.Harness;

namespace MediaAspire.Tests.Api.S3.Cors;

public sealed class CorsTests(PostgresFixture postgres) : IAsyncLifetime, IClassFixture<PostgresFixture>
{
    private const string Owner = S3TestHost.Owner;

    private const string Rules =
        """
        <CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
            <CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*suffix</AllowedOrigin></CORSRule>
            <CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>start*end</AllowedOrigin></CORSRule>
            <CORSRule><AllowedMethod>PUT</AllowedMethod><AllowedMethod>POST</AllowedMethod><AllowedOrigin>https://a.example</AllowedOrigin>
                <AllowedHeader>x-amz-meta-*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds>
                <ID>third</ID></CORSRule>
            <CORSRule><AllowedMethod>DELETE</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule>
        </CORSConfiguration>
        """;

    private S3TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await S3TestHost.StartAsync(postgres);
        await _host.CreateBucketAsync("first");
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?acl", headers: ("x-amz-acl", "public-read"));
        await _host.DoAsync(Owner, HttpMethod.Put, "/first/a", "x", ("x-amz-acl", "public-read"));
    }

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task Rules_come_back_until_they_are_deleted()
    {
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first?cors", "NoSuchCORSConfiguration");
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?cors", Rules);
        using var got = await _host.GetAsync("/first?cors");

        var third = (await got.XmlAsync()).Elements().ElementAt(2);
        Assert.Equal(
            [
                "ID=third", "AllowedOrigin=https://a.example", "AllowedMethod=PUT", "AllowedMethod=POST", "AllowedHeader=x-amz-meta-*",
                "ExposeHeader=ETag", "MaxAgeSeconds=60",
            ],
            third.Elements().Select(element => $"{element.Name.LocalName}={element.Value}"));
        using var deleted = await _host.DeleteAsync("/first?cors");
        await deleted.AssertStatusAsync(204);
        await _host.RefuseAsync(Owner, HttpMethod.Get, "/first?cors", "NoSuchCORSConfiguration");
        await _host.RefuseAsync(AccessHost.Other, HttpMethod.Put, "/first?cors", "AccessDenied", Rules);
    }

    [Theory]
    [InlineData("GET", "/first", "foo.suffix", null, 200, "foo.suffix", "GET")]
    [InlineData("GET", "/first", "foo.bar", null, 200, null, null)]
    [InlineData("GET", "/first", "foo.suffix.get", null, 200, null, null)]
    [InlineData("GET", "/first/a", "startend", null, 200, "startend", "GET")]
    [InlineData("GET", "/first/a", "start12end", null, 200, "start12end", "GET")]
    [InlineData("GET", "/first/a", "0start12end", null, 200, null, null)]
    [InlineData("GET", "/first/missing", "foo.suffix", null, 404, "foo.suffix", "GET")]
    [InlineData("PUT", "/first/b", "foo.suffix", null, 403, null, null)]
    [InlineData("PUT", "/first/b", "foo.suffix", "GET", 403, "foo.suffix", "GET")]
    [InlineData("PUT", "/first/b", "https://a.example", null, 403, "https://a.example", "PUT, POST")]
    [InlineData("DELETE", "/first/b", "anywhere", null, 403, "*", "DELETE")]
    public async Task Answers_and_errors_tell_pages_of_other_origins_whether_they_may_read_them(
        string method, string target, string origin, string? askedMethod, int status, string? allowedOrigin, string? allowedMethods)
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?cors", Rules);
        (string, string)[] headers = askedMethod is null
            ? [("Origin", origin)]
            : [("Origin", origin), ("Access-Control-Request-Method", askedMethod)];

        using var response = await _host.AsAsync(null, new HttpMethod(method), target, method == "PUT" ? "x" : null, headers);

        await response.AssertStatusAsync(status);
        Assert.Equal(allowedOrigin, response.Header("Access-Control-Allow-Origin"));
        Assert.Equal(allowedMethods, response.Header("Access-Control-Allow-Methods"));
    }

    [Theory]
    [InlineData(null, null, null, 400)]
    [InlineData("foo.suffix", null, null, 400)]
    [InlineData(null, "GET", null, 400)]
    [InlineData("foo.suffix", "GET", null, 200)]
    [InlineData("foo.suffix", "PUT", null, 403)]
    [InlineData("https://a.example", "PUT", null, 200)]
    [InlineData("https://a.example", "PUT", "X-Amz-Meta-A, x-amz-meta-b", 200)]
    [InlineData("https://a.example", "PUT", "x-amz-meta-a, x-other", 403)]
    [InlineData("http://a.example", "PUT", null, 403)]
    public async Task A_browsers_question_is_answered_by_the_rules(string? origin, string? method, string? asked, int status)
    {
        await _host.DoAsync(Owner, HttpMethod.Put, "/first?cors", Rules);
        var headers = new[] { ("Origin", origin), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", asked) }
            .Where(header => header.Item2 is not null)
            .Select(header => (header.Item1, header.Item2!))
            .ToArray();

        string[] targets = ["/first", "/first/a", "/first/missing?X-Amz-Signature=0", "/first/a?uploadId=1&partNumber=1", "/first?uploads"];
        foreach (var target in targets)
        {
            using var response = await _host.AsAsync(null, HttpMethod.Options, target, headers: headers);

            await response.AssertStatusAsync(status);
            Assert.Equal(status == 200 ? origin : null, response.Header("Access-Control-Allow-Origin"));
            Assert.Equal(status == 200 ? asked : null, response.Header("Access-Control-Allow-Headers"));
            Assert.Equal(
                status == 200 && method == "PUT" ? ("ETag", "60") : default,
                (response.Header("Access-Control-Expose-Headers"), response.Header("Access-Control-Max-Age")));
        }
    }

    [Fact]
    public async Task Without_rules_nothing_is_allowed()
    {
        using var asked = await _host.AsAsync(
            null, HttpMethod.Options, "/first", headers: [("Origin", "foo.suffix"), ("Access-Control-Request-Method", "GET")]);
        using var got = await _host.AsAsync(null, HttpMethod.Get, "/first", headers: ("Origin", "foo.suffix"));

        await asked.AssertErrorAsync(403, "AccessForbidden");
        Assert.Null(got.Header("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("<Other/>", "MalformedXML")]
    [InlineData("<CORSConfiguration/>", "MalformedXML")]
    [InlineData("<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>", "MalformedXML")]
    [InlineData(
        "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*.*</AllowedOrigin></CORSRule></CORSConfiguration>",
        "MalformedXML")]
    [InlineData(
        "<CORSConfiguration><CORSRule><AllowedMethod>PATCH</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>",
        "InvalidRequest")]
    public async Task Rules_of_another_form_are_refused(string document, string code) =>
        await _host.RefuseAsync(Owner, HttpMethod.Put, "/first?cors", code, document);
}
