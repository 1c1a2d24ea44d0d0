using System.Text;
using MediaAspire.Core.Media.Filters;

namespace MediaAspire.Tests.Media.Filters;

public sealed class FilterParserTests
{
    [Theory]
    [InlineData("", "{}")]
    [InlineData(
        "owner=alice&public=true&kind=image&status=ready&tags=Ｂeach,sun&without=old&categories=a",
        """{"owner":"alice","public":true,"kind":"image","status":"ready","tags":["beach","SUN"],"without":["Old"],"categories":["a"]}""")]
    [InlineData("size.gte=10&size.lt=20&order=-size", """{"size":{"gte":10,"lt":20},"order":"-size"}""")]
    [InlineData("name.match=Äpfel&name.ne=x", """{"name":{"match":"äpfel","ne":"X"}}""")]
    [InlineData("multi=Film&multi.in=alias,name", """{"multi":{"text":"film","in":["name","alias"]}}""")]
    [InlineData("multi=film", """{"multi":"film"}""")]
    [InlineData("createdAt.gte=2026-11-30T12:00:00Z", """{"createdAt":{"gte":"2026-11-30T13:00:00+01:00"}}""")]
    [InlineData("createdAt.lt=2026-11-30", """{"createdAt":{"lt":"2026-11-30T00:00:00Z"}}""")]
    [InlineData("width.exists=false&alias.isempty=true", """{"width":{"exists":false},"alias":{"isempty":true}}""")]
    [InlineData("c_colour=red&c_rank.gt=x", """{"c_colour":"red","c_rank":{"gt":"x"}}""")]
    [InlineData("c_a.b=red&c_a.b.ne=blue", """{"c_a.b":{"eq":"red","ne":"blue"}}""")]
    [InlineData("id.eq=01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55", """{"id":"01936F3E-9C5A-7CC1-8F1E-3A1D8B0C4E55"}""")]
    [InlineData("temp=true&limit=100", """{"temp":true,"limit":100}""")]
    [InlineData("offset=20&limit=7", """{"offset":20,"limit":7}""")]
    public void Both_forms_of_a_filter_are_the_same(string query, string json)
    {
        var (byQuery, byJson) = (Query(query), FilterParser.Parse(Encoding.UTF8.GetBytes(json)));

        Assert.Null(byQuery.Error);
        Assert.Null(byJson.Error);
        Assert.Equal(FilterText.Canonical(byQuery.Request!.Filter), FilterText.Canonical(byJson.Request!.Filter));
        Assert.Equal((byQuery.Request.Limit, byQuery.Request.Offset), (byJson.Request.Limit, byJson.Request.Offset));
    }

    [Fact]
    public void A_text_of_the_query_that_is_a_number_stands_for_both()
    {
        Assert.Equal(new CustomOperand("5", 5), Query("c_rank=5").Request!.Filter.Conditions.Single().Value);
        Assert.Equal(new CustomOperand(null, 5), Json("""{"c_rank":5}""").Request!.Filter.Conditions.Single().Value);
        Assert.Equal(new CustomOperand("5", null), Json("""{"c_rank":"5"}""").Request!.Filter.Conditions.Single().Value);
    }

    [Theory]
    [InlineData("colour=red", "filter-field-unknown", "colour")]
    [InlineData("Owner=alice", "filter-field-unknown", "Owner")]
    [InlineData("removedAt.exists=true", "filter-field-unknown", "removedAt")]
    [InlineData("c_=1", "filter-field-unknown", "c_")]
    [InlineData("'; DROP TABLE media; --=1", "filter-field-unknown", "'; DROP TABLE media; --")]
    [InlineData("public.gt=true", "filter-operator-invalid", "public")]
    [InlineData("kind.match=im", "filter-operator-invalid", "kind")]
    [InlineData("description=x", "filter-operator-invalid", "description")]
    [InlineData("size.between=1", "filter-operator-invalid", "size")]
    [InlineData("size.=1", "filter-operator-invalid", "size")]
    [InlineData("size.none=1", "filter-operator-invalid", "size")]
    [InlineData("order.gt=size", "filter-operator-invalid", "order")]
    [InlineData("size=large", "filter-value-invalid", "size")]
    [InlineData("size=99999999999999999999", "filter-value-invalid", "size")]
    [InlineData("size=1.5", "filter-value-invalid", "size")]
    [InlineData("public=yes", "filter-value-invalid", "public")]
    [InlineData("kind=film", "filter-value-invalid", "kind")]
    [InlineData("status=3", "filter-value-invalid", "status")]
    [InlineData("owner=", "filter-value-invalid", "owner")]
    [InlineData("alias=a%2Fb", "filter-value-invalid", "alias")]
    [InlineData("id=7", "filter-value-invalid", "id")]
    [InlineData("createdAt.gte=yesterday", "filter-value-invalid", "createdAt")]
    [InlineData("createdAt.gte=2026-11-30T12:00:00.1234567Z", "filter-value-invalid", "createdAt")]
    [InlineData("tags=", "filter-value-invalid", "tags")]
    [InlineData("tags=a,,b", "filter-value-invalid", "tags")]
    [InlineData("tags=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21", "filter-value-invalid", "tags")]
    [InlineData("width.exists=1", "filter-value-invalid", "width")]
    [InlineData("multi=%20%20", "filter-value-invalid", "multi")]
    [InlineData("multi=123456789012345678901234567890123456789012345678901", "filter-value-invalid", "multi")]
    [InlineData("multi=a%00b", "filter-value-invalid", "multi")]
    [InlineData("multi=a&multi.in=size", "filter-value-invalid", "multi")]
    [InlineData("multi=a&multi.in=name,name", "filter-value-invalid", "multi")]
    [InlineData("multi.in=name", "filter-value-invalid", "multi.in")]
    [InlineData("order=height", "filter-value-invalid", "order")]
    [InlineData("limit=0", "filter-value-invalid", "limit")]
    [InlineData("limit=101", "filter-value-invalid", "limit")]
    [InlineData("offset=-1", "filter-value-invalid", "offset")]
    [InlineData("offset=9991&limit=10", "offset-too-large", "offset")]
    [InlineData("offset=10&cursor=abc", "filter-repeated", "offset")]
    [InlineData("size=1&size=2", "filter-repeated", "size")]
    [InlineData("size=1&size.eq=2", "filter-repeated", "size")]
    [InlineData("size.gt=1&size.lt=9&size.ne=5", "filter-too-many", "size")]
    public void A_wrong_parameter_is_refused_with_its_name(string query, string code, string field)
    {
        var error = Query(query).Error;

        Assert.Equal((code, field), (error?.Code, error?.Field));
    }

    [Theory]
    [InlineData("[]", "filter-json-invalid", null)]
    [InlineData("{", "filter-json-invalid", null)]
    [InlineData("", "filter-json-invalid", null)]
    [InlineData("null", "filter-json-invalid", null)]
    [InlineData("""{"a":{"b":{"c":{"d":1}}}}""", "filter-json-invalid", null)]
    [InlineData("""{"multi":"\ud800"}""", "filter-json-invalid", null)]
    [InlineData("""{"colour":"red"}""", "filter-field-unknown", "colour")]
    [InlineData("""{"size":"10"}""", "filter-value-invalid", "size")]
    [InlineData("""{"size":{}}""", "filter-value-invalid", "size")]
    [InlineData("""{"size":{"gte":[1]}}""", "filter-value-invalid", "size")]
    [InlineData("""{"size":{"gte":1,"gte":2}}""", "filter-repeated", "size")]
    [InlineData("""{"size":1,"size":2}""", "filter-repeated", "size")]
    [InlineData("""{"public":"true"}""", "filter-value-invalid", "public")]
    [InlineData("""{"tags":["a",1]}""", "filter-value-invalid", "tags")]
    [InlineData("""{"tags":{"match":"a"}}""", "filter-operator-invalid", "tags")]
    [InlineData("""{"owner":null}""", "filter-value-invalid", "owner")]
    [InlineData("""{"c_x":true}""", "filter-value-invalid", "c_x")]
    [InlineData("""{"c_x":1e999}""", "filter-value-invalid", "c_x")]
    [InlineData("""{"limit":"10"}""", "filter-value-invalid", "limit")]
    public void Wrong_JSON_is_refused_with_the_name_of_the_field(string json, string code, string? field)
    {
        var error = Json(json).Error;

        Assert.Equal((code, field), (error?.Code, error?.Field));
    }

    [Fact]
    public void Too_many_conditions_and_too_many_bytes_are_refused()
    {
        var many = string.Join('&', Enumerable.Range(0, MediaFilter.MaxConditions + 1).Select(i => $"c_{i:D3}=1"));
        Assert.Equal("filter-too-many", Query(many).Error?.Code);

        var large = $$"""{"owner":"{{new string('a', FilterParser.MaxBytes)}}"}""";
        Assert.Equal("filter-too-large", Json(large).Error?.Code);
    }

    [Fact]
    public void An_error_shows_only_the_beginning_of_a_long_value()
    {
        var error = Query($"size={new string('9', 5000)}").Error!;

        Assert.InRange(error.Message.Length, 1, 300);
    }

    private static FilterResult Json(string json) => FilterParser.Parse(Encoding.UTF8.GetBytes(json));

    private static FilterResult Query(string query) => FilterParser.Parse(
        query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .GroupBy(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]))
            .Select(group => new KeyValuePair<string, IReadOnlyList<string?>>(group.Key, [.. group])));
}
