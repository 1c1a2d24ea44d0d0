using System.Xml.Linq;
using MediaAspire.Api.S3.Notifications;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Tests.Api.S3.Notifications;

public sealed class NotificationXmlReaderTests
{
    private const string Topic = "<Topic>arn:aws:sns:us-east-1:000000000000:media</Topic>";
    private const string Put = "<Event>s3:ObjectCreated:Put</Event>";

    [Fact]
    public void Read_Rule_KeepsItsParts()
    {
        var rule = Assert.Single(Read(
            $"<Id>mine</Id>{Topic}{Put}<Event>s3:ObjectRemoved:*</Event>{Put}"
            + Filter(("Prefix", "media/ü"), ("suffix", ".bin"))));

        Assert.Equal(("mine", "media", "media/ü", ".bin"), (rule.Id, rule.Target, rule.Prefix, rule.Suffix));
        Assert.Equal(["s3:ObjectCreated:Put", "s3:ObjectRemoved:*"], rule.Events);
    }

    [Fact]
    public void Read_EmptyConfiguration_HasNoRules() => Assert.Empty(Read());

    [Fact]
    public void Read_RulesWithoutIds_GetUniqueOnes()
    {
        var rules = Read(
            Topic + Put + Filter(("prefix", "a")), $"<Id/>{Topic}{Put}{Filter(("prefix", "b"))}");

        Assert.Equal(2, rules.Select(rule => rule.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("MalformedXML", "")]
    [InlineData("MalformedXML", Topic)]
    [InlineData("MalformedXML", Put)]
    [InlineData("MalformedXML", Topic + Put + "<Extra/>")]
    [InlineData("MalformedXML", Topic + Topic + Put)]
    [InlineData("MalformedXML", Topic + Put + "<Filter><Tag/></Filter>")]
    [InlineData("InvalidArgument", "<Topic>media</Topic>" + Put)]
    [InlineData("InvalidArgument", "<Topic>http://169.254.169.254/</Topic>" + Put)]
    [InlineData("InvalidArgument", "<Topic>arn:aws:sns:eu-west-1:000000000000:media</Topic>" + Put)]
    [InlineData("InvalidArgument", "<Topic>arn:aws:sns:us-east-1:123456789012:media</Topic>" + Put)]
    [InlineData("InvalidArgument", Topic + "<Event>s3:ObjectCreated</Event>")]
    [InlineData("InvalidArgument", Topic + "<Event>s3:ObjectCreated:put</Event>")]
    [InlineData("InvalidArgument", Topic + "<Event>s3:ReducedRedundancyLostObject</Event>")]
    [InlineData("InvalidArgument", Topic + "<Event>s3:ObjectTagging:*</Event>")]
    [InlineData(
        "InvalidArgument", Topic + Put + "<Filter><S3Key><FilterRule><Name>tag</Name><Value>a</Value></FilterRule></S3Key></Filter>")]
    public void Read_RuleThatCannotBeCarriedOut_IsRefused(string code, string rule) =>
        Assert.Equal(code, Refuse(Document(rule)));

    [Fact]
    public void Read_OtherTargets_AreRefused()
    {
        const string Arn = "arn:aws:sqs:us-east-1:000000000000:media";
        Assert.Equal("InvalidArgument", Refuse(Root($"<QueueConfiguration><Queue>{Arn}</Queue>{Put}</QueueConfiguration>")));
        Assert.Equal(
            "InvalidArgument",
            Refuse(Root($"<CloudFunctionConfiguration><CloudFunction>{Arn}</CloudFunction>{Put}</CloudFunctionConfiguration>")));
        Assert.Equal("NotImplemented", Refuse(Root("<EventBridgeConfiguration/>")));
        Assert.Equal("MalformedXML", Refuse(Root("<QueueConfiguration/>")));
        Assert.Equal("MalformedXML", Refuse(Root("<OtherConfiguration/>")));
        Assert.Equal("MalformedXML", Refuse(XElement.Parse("<LifecycleConfiguration/>")));
    }

    [Fact]
    public void Read_IdsAndFilters_HaveTheirBounds()
    {
        Assert.Equal(255, Read($"<Id>{new string('a', 255)}</Id>" + Topic + Put)[0].Id.Length);
        Assert.Equal("InvalidArgument", Refuse(Document($"<Id>{new string('a', 256)}</Id>" + Topic + Put)));
        Assert.Equal(
            "InvalidArgument",
            Refuse(Document("<Id>a</Id>" + Topic + Put, "<Id>a</Id>" + Topic + "<Event>s3:ObjectRemoved:Delete</Event>")));
        Assert.Equal(512, Read(Topic + Put + Filter(("prefix", new string('ü', 512))))[0].Prefix.Length);
        Assert.Equal("InvalidArgument", Refuse(Document(Topic + Put + Filter(("prefix", new string('ü', 513))))));
        Assert.Equal("InvalidArgument", Refuse(Document(Topic + Put + Filter(("prefix", "a"), ("Prefix", "b")))));

        string[] rules = [.. Enumerable.Range(0, 101).Select(i => $"{Topic}{Put}{Filter(("prefix", $"{i:000}"))}")];
        Assert.Equal(100, Read(rules[..100]).Count);
        Assert.Equal("InvalidArgument", Refuse(Document(rules)));
    }

    [Theory]
    [InlineData("", "", "s3:ObjectCreated:Put", true)]
    [InlineData("a", "", "s3:ObjectCreated:*", true)]
    [InlineData("media/a", ".bin", "s3:ObjectCreated:Put", true)]
    [InlineData("media/", "n", "s3:ObjectCreated:Put", true)]
    [InlineData("b", "", "s3:ObjectCreated:Put", false)]
    [InlineData("media/", ".txt", "s3:ObjectCreated:Put", false)]
    [InlineData("media/", ".bin", "s3:ObjectCreated:Copy", false)]
    public void Read_RulesThatOverlap_AreRefused(string prefix, string suffix, string name, bool overlaps)
    {
        var first = Topic + Put + Filter(
            ("prefix", prefix.StartsWith('a') ? "ab" : "media/"), ("suffix", prefix.StartsWith('a') ? "" : ".bin"));
        var document = Document(first, $"{Topic}<Event>{name}</Event>{Filter(("prefix", prefix), ("suffix", suffix))}");

        Assert.Equal(overlaps ? "InvalidArgument" : "", Refuse(document));
    }

    [Fact]
    public void Read_NulCharacter_IsRefusedBecauseEveryWriteToTheBucketWouldFail()
    {
        var document = Document(Topic + Put + Filter(("prefix", "a")));
        document.Descendants().Single(element => element.Name.LocalName == "Value").Value = "a\0";

        Assert.Equal("MalformedXML", Refuse(document));
    }

    private static IReadOnlyList<Core.Notifications.NotificationRule> Read(params string[] rules) =>
        NotificationXmlReader.Read(Document(rules), "us-east-1");

    private static string Refuse(XElement document)
    {
        try
        {
            NotificationXmlReader.Read(document, "us-east-1");
            return "";
        }
        catch (S3Exception refused)
        {
            return refused.Error.Code;
        }
    }

    private static string Filter(params (string Name, string Value)[] rules) => "<Filter><S3Key>"
        + string.Concat(rules.Select(rule => $"<FilterRule><Name>{rule.Name}</Name><Value>{rule.Value}</Value></FilterRule>"))
        + "</S3Key></Filter>";

    private static XElement Document(params string[] rules) =>
        Root(string.Concat(rules.Select(rule => $"<TopicConfiguration>{rule}</TopicConfiguration>")));

    private static XElement Root(string content) =>
        XElement.Parse($"<NotificationConfiguration xmlns=\"{S3Xml.Namespace}\">{content}</NotificationConfiguration>");
}
