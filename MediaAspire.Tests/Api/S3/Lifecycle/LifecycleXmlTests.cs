using System.Text;
using System.Xml.Linq;
using MediaAspire.Api.S3.Lifecycle;
using MediaAspire.Api.S3.Protocol;
using MediaAspire.Core.Lifecycle;

namespace MediaAspire.Tests.Api.S3.Lifecycle;

public sealed class LifecycleXmlTests
{
    private const string Days = "<Expiration><Days>1</Days></Expiration>";
    private const string Enabled = "<Status>Enabled</Status>";
    private const string All = "<Filter/>" + Enabled;

    [Theory]
    [InlineData("<ID>test1/</ID><Prefix>test1/</Prefix><Status>Enabled</Status><Expiration><Days>31</Days></Expiration>")]
    [InlineData("<ID>r</ID><Filter /><Status>Disabled</Status><Expiration><Date>2017-09-27T00:00:00.000Z</Date></Expiration>")]
    [InlineData(
        "<ID>r</ID><Filter><Prefix></Prefix></Filter>" + Enabled
        + "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>")]
    [InlineData("<ID>r</ID><Filter><Tag><Key>k</Key><Value></Value></Tag></Filter>" + Enabled + Days)]
    [InlineData("<ID>r</ID><Filter><ObjectSizeGreaterThan>0</ObjectSizeGreaterThan></Filter>" + Enabled + Days)]
    [InlineData(
        "<ID>r</ID><Filter><And><Prefix>p</Prefix><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>b</Key><Value>2</Value></Tag>"
        + "<ObjectSizeGreaterThan>1</ObjectSizeGreaterThan><ObjectSizeLessThan>9</ObjectSizeLessThan></And></Filter>" + Enabled + Days
        + "<NoncurrentVersionExpiration><NoncurrentDays>2</NoncurrentDays>"
        + "<NewerNoncurrentVersions>100</NewerNoncurrentVersions></NoncurrentVersionExpiration>")]
    [InlineData(
        "<ID>r</ID><Filter><Prefix>p</Prefix></Filter><Status>Enabled</Status><AbortIncompleteMultipartUpload><DaysAfterInitiation>7"
        + "</DaysAfterInitiation></AbortIncompleteMultipartUpload>")]
    public void Read_ThenWrite_GivesTheSame(string rule)
    {
        var document = Document(rule);

        var written = XElement.Parse(Encoding.UTF8.GetString(S3Xml.Build(
            "LifecycleConfiguration", S3Xml.Namespace, xml => LifecycleXmlWriter.Write(xml, LifecycleXmlReader.Read(document))).Span));

        Assert.Equal(document.ToString(SaveOptions.DisableFormatting), written.ToString(SaveOptions.DisableFormatting));
    }

    [Theory]
    [InlineData("MalformedXML", "<Filter/>" + Days)]
    [InlineData("MalformedXML", "<Filter/><Status>enabled</Status>" + Days)]
    [InlineData("MalformedXML", Enabled + Days)]
    [InlineData("MalformedXML", "<Prefix>a</Prefix>" + All + Days)]
    [InlineData("MalformedXML", "<Filter/>" + All + Days)]
    [InlineData("MalformedXML", "<Whatever/>" + All + Days)]
    [InlineData("MalformedXML", "<Filter><Whatever/></Filter>" + Enabled + Days)]
    [InlineData("MalformedXML", "<Filter><Tag><Key></Key><Value/></Tag></Filter>" + Enabled + Days)]
    [InlineData("MalformedXML", "<Filter><ObjectSizeLessThan>-1</ObjectSizeLessThan></Filter>" + Enabled + Days)]
    [InlineData("MalformedXML", "<Filter><Prefix>a</Prefix><And><Prefix>b</Prefix></And></Filter>" + Enabled + Days)]
    [InlineData("MalformedXML", All + "<Expiration/>")]
    [InlineData("MalformedXML", All + "<Expiration><Days>1</Days><Date>2017-09-27T00:00:00Z</Date></Expiration>")]
    [InlineData("MalformedXML", All + "<Expiration><Days>1.5</Days></Expiration>")]
    [InlineData("MalformedXML", All + "<Expiration><Days>99999999999</Days></Expiration>")]
    [InlineData("MalformedXML", All + "<Expiration><Date>20200101</Date></Expiration>")]
    [InlineData("MalformedXML", All + "<Expiration><ExpiredObjectDeleteMarker>yes</ExpiredObjectDeleteMarker></Expiration>")]
    [InlineData(
        "MalformedXML",
        All + "<NoncurrentVersionExpiration><NewerNoncurrentVersions>1</NewerNoncurrentVersions></NoncurrentVersionExpiration>")]
    [InlineData("MalformedXML", All + "<AbortIncompleteMultipartUpload/>")]
    [InlineData("MalformedXML", All + "<Transition><Days>1</Days></Transition>")]
    [InlineData("InvalidArgument", All + "<Expiration><Days>0</Days></Expiration>")]
    [InlineData("InvalidArgument", All + "<Expiration><Days>-1</Days></Expiration>")]
    [InlineData("InvalidArgument", All + "<Expiration><Date>1970-08-22T19:08:21Z</Date></Expiration>")]
    [InlineData("InvalidArgument", All + "<Expiration><Date>2020-01-01T00:00:00+01:00</Date></Expiration>")]
    [InlineData("InvalidArgument", All + "<NoncurrentVersionExpiration><NoncurrentDays>0</NoncurrentDays></NoncurrentVersionExpiration>")]
    [InlineData(
        "InvalidArgument",
        All + "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays><NewerNoncurrentVersions>101</NewerNoncurrentVersions>"
        + "</NoncurrentVersionExpiration>")]
    [InlineData(
        "InvalidArgument",
        All + "<AbortIncompleteMultipartUpload><DaysAfterInitiation>0</DaysAfterInitiation></AbortIncompleteMultipartUpload>")]
    [InlineData(
        "InvalidArgument",
        All + Days + "<Transition><Date>1970-08-22T19:08:21Z</Date><StorageClass>GLACIER</StorageClass></Transition>")]
    [InlineData("InvalidRequest", All)]
    [InlineData(
        "InvalidRequest",
        "<Filter><Tag><Key>k</Key><Value>1</Value></Tag><And><Tag><Key>k</Key><Value>2</Value></Tag></And></Filter>" + Enabled + Days)]
    [InlineData(
        "InvalidRequest",
        "<Filter><And><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan><ObjectSizeLessThan>5</ObjectSizeLessThan></And></Filter>"
        + Enabled + Days)]
    [InlineData(
        "InvalidRequest",
        "<Filter><Tag><Key>k</Key><Value>1</Value></Tag></Filter>" + Enabled
        + "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>")]
    [InlineData(
        "InvalidRequest",
        "<Filter><ObjectSizeLessThan>5</ObjectSizeLessThan></Filter>" + Enabled
        + "<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>")]
    [InlineData("NotImplemented", All + Days + "<Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>")]
    [InlineData(
        "NotImplemented",
        All + "<NoncurrentVersionTransition><NoncurrentDays>1</NoncurrentDays><StorageClass>STANDARD_IA</StorageClass>"
        + "</NoncurrentVersionTransition>")]
    public void Read_RuleThatCannotBeCarriedOut_IsRefused(string code, string rule) =>
        Assert.Equal(code, Assert.Throws<S3Exception>(() => LifecycleXmlReader.Read(Document(rule))).Error.Code);

    [Fact]
    public void Read_Ids_AreUniqueAndNotTooLong()
    {
        Assert.Equal(255, LifecycleXmlReader.Read(Document($"<ID>{new string('a', 255)}</ID>" + All + Days)).Rules[0].Id.Length);
        AssertRefused("InvalidArgument", Document($"<ID>{new string('a', 256)}</ID>" + All + Days));
        AssertRefused("InvalidArgument", Document("<ID>a</ID>" + All + Days, "<ID>a</ID>" + All + Days));

        var made = LifecycleXmlReader.Read(Document(All + Days, "<ID/>" + All + Days)).Rules;
        Assert.All(made, rule => Assert.NotEmpty(rule.Id));
        Assert.NotEqual(made[0].Id, made[1].Id);
    }

    [Fact]
    public void Read_NumberOfRules_IsOneToAThousand()
    {
        Assert.Equal(1000, LifecycleXmlReader.Read(Document([.. Enumerable.Repeat(All + Days, 1000)])).Rules.Count);
        AssertRefused("MalformedXML", Document([.. Enumerable.Repeat(All + Days, 1001)]));
        AssertRefused("MalformedXML", Document());
        AssertRefused("MalformedXML", XElement.Parse("<VersioningConfiguration/>"));
    }

    [Fact]
    public void Read_LongPrefix_IsRefused()
    {
        LifecycleXmlReader.Read(Document($"<Prefix>{new string('ü', 512)}</Prefix>" + Enabled + Days));
        AssertRefused("InvalidRequest", Document($"<Prefix>{new string('ü', 513)}</Prefix>" + Enabled + Days));
    }

    [Fact]
    public void Read_ConditionsInsideAndOutsideOfAnd_AreAllKept()
    {
        var filter = LifecycleXmlReader.Read(Document(
            "<Filter><Prefix>days1/</Prefix><Tag><Key>tom</Key><Value>sawyer</Value></Tag><ObjectSizeLessThan>9</ObjectSizeLessThan>"
            + "<And><Prefix>days1</Prefix><Tag><Key>huck</Key><Value>finn</Value></Tag>"
            + "<ObjectSizeLessThan>7</ObjectSizeLessThan></And></Filter>" + Enabled + Days)).Rules[0].Filter;

        Assert.Equal("days1/", filter.Prefix);
        Assert.Equal([new LifecycleTag("tom", "sawyer"), new LifecycleTag("huck", "finn")], filter.Tags);
        Assert.Equal(7, filter.SizeLessThan);
    }

    [Fact]
    public void Read_DateWithoutTime_IsMidnight() => Assert.Equal(
        new DateTimeOffset(2017, 9, 27, 0, 0, 0, TimeSpan.Zero),
        LifecycleXmlReader.Read(Document(All + "<Expiration><Date>2017-09-27</Date></Expiration>")).Rules[0].Date);

    private static void AssertRefused(string code, XElement document) =>
        Assert.Equal(code, Assert.Throws<S3Exception>(() => LifecycleXmlReader.Read(document)).Error.Code);

    private static XElement Document(params string[] rules)
    {
        var elements = string.Concat(rules.Select(rule => $"<Rule>{rule}</Rule>"));
        return XElement.Parse($"<LifecycleConfiguration xmlns=\"{S3Xml.Namespace}\">{elements}</LifecycleConfiguration>");
    }
}
