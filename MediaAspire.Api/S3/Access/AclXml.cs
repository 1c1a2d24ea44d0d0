using System.Xml;
using System.Xml.Linq;
using MediaAspire.Api.S3.Protocol;

namespace MediaAspire.Api.S3.Access;

/// <summary>Reads and writes lists as documents.</summary>
internal sealed class AclXml(GranteeResolver grantees, IS3Owners owners)
{
    private const string InstanceNamespace = "http://www.w3.org/2001/XMLSchema-instance";

    private static readonly XName s_type = XName.Get("type", InstanceNamespace);

    /// <summary>Reads an <c>AccessControlPolicy</c>.</summary>
    /// <param name="root">The document.</param>
    /// <param name="ownerId">The canonical id of the owner of the bucket or object, which the document cannot change.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="S3Exception">The document is malformed, or names an unknown grantee or another owner.</exception>
    public async ValueTask<AccessControlList> ReadAsync(XElement root, string ownerId, CancellationToken cancellationToken)
    {
        if (root.Name.LocalName != "AccessControlPolicy"
            || root.Named("AccessControlList").ToList() is not [var list]
            || root.Named("Owner").ToList() is not [var owner]
            || list.Elements().Any(element => element.Name.LocalName != "Grant")
            || list.Elements().Count() > AccessControlList.MaxGrants)
        {
            throw AclErrors.Malformed().ToException();
        }

        if (owner.Text("ID") is { Length: > 0 } given && given != ownerId)
        {
            throw S3Errors.AccessDenied().ToException();
        }

        var grants = new List<AclGrant>();
        foreach (var grant in list.Elements())
        {
            if (grant.Named("Grantee").ToList() is not [var grantee])
            {
                throw AclErrors.Malformed().ToException();
            }

            var permission = ReadPermission(grant.Text("Permission"));
            grants.Add(new(await ReadGranteeAsync(grantee, cancellationToken), permission));
        }

        return AccessControlList.Of(ownerId, grants);
    }

    /// <summary>Writes a response with a list.</summary>
    public async Task WriteAsync(S3Request request, AccessControlList list, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, S3Owner>();
        foreach (var id in list.Grants.Select(grant => grant.Grantee.OwnerId).OfType<string>().Append(list.OwnerId).Distinct())
        {
            known.Add(id, await owners.FindAsync(id, cancellationToken));
        }

        await S3Xml.WriteAsync(
            request,
            "AccessControlPolicy",
            xml =>
            {
                xml.Owner("Owner", known[list.OwnerId]);
                xml.Element("AccessControlList", grants =>
                {
                    foreach (var grant in list.Grants)
                    {
                        Write(grants, grant, known);
                    }
                });
            },
            cancellationToken);
    }

    private static void Write(XmlWriter xml, AclGrant grant, Dictionary<string, S3Owner> known) => xml.Element("Grant", element =>
    {
        element.WriteStartElement("Grantee");
        element.WriteAttributeString("xmlns", "xsi", ns: null, InstanceNamespace);
        element.WriteAttributeString("xsi", "type", InstanceNamespace, grant.Grantee.Group is null ? "CanonicalUser" : "Group");
        if (grant.Grantee.OwnerId is { } id)
        {
            element.Element("ID", id);
            element.Element("DisplayName", known[id].DisplayName);
        }
        else
        {
            element.Element("URI", grant.Grantee.Group);
        }

        element.WriteEndElement();
        element.Element("Permission", NameOf(grant.Permission));
    });

    private static string NameOf(AclPermission permission) => permission switch
    {
        AclPermission.Read => "READ",
        AclPermission.Write => "WRITE",
        AclPermission.ReadAcp => "READ_ACP",
        AclPermission.WriteAcp => "WRITE_ACP",
        AclPermission.FullControl => "FULL_CONTROL",
        _ => throw new ArgumentOutOfRangeException(nameof(permission), permission, message: null),
    };

    private static AclPermission ReadPermission(string? name) => name switch
    {
        "READ" => AclPermission.Read,
        "WRITE" => AclPermission.Write,
        "READ_ACP" => AclPermission.ReadAcp,
        "WRITE_ACP" => AclPermission.WriteAcp,
        "FULL_CONTROL" => AclPermission.FullControl,
        _ => throw AclErrors.Malformed().ToException(),
    };

    private ValueTask<AclGrantee> ReadGranteeAsync(XElement grantee, CancellationToken cancellationToken) =>
        (grantee.Attribute(s_type)?.Value, grantee.Text("ID"), grantee.Text("URI"), grantee.Text("EmailAddress")) switch
        {
            ("CanonicalUser", { } id, null, null) => grantees.OwnerAsync(id, cancellationToken),
            ("Group", null, { } uri, null) => new(GranteeResolver.Group(uri)),
            ("AmazonCustomerByEmail", null, null, { }) => new(GranteeResolver.Email()),
            _ => throw AclErrors.Malformed().ToException(),
        };
}
