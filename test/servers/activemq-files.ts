/** The files from which our ActiveMQ starts. */
import type { Certificates } from './certificates.ts';

export interface Settings {
  readonly username: string;
  readonly password: string;
  readonly stompPort: number;
  readonly webPort: number;
  /** Elements of `<plugins>`, before the one that checks passwords. */
  readonly plugins: string;
  readonly tls?: Certificates & { readonly stompPort: number; readonly webPort: number };
}

const escaped = (text: string): string => text.replace(/[<>&"']/g, (found) => `&#${found.codePointAt(0)};`);

/**
 * The elements must come in this order (the alphabet's). `periodic` writes the journal once a second instead of at
 * every message: a message survives the end of the broker, and ten thousand are sent in a second.
 */
export const brokerXml = ({ username, password, stompPort, plugins, tls }: Settings): string => `
<beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd
  http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">
  <bean class="org.springframework.beans.factory.config.PropertyPlaceholderConfigurer">
    <property name="ignoreUnresolvablePlaceholders" value="true"/>
  </bean>
  <broker xmlns="http://activemq.apache.org/schema/core" brokerName="localhost" dataDirectory="\${activemq.data}">
    <managementContext><managementContext createConnector="false"/></managementContext>
    <persistenceAdapter>
      <kahaDB directory="\${activemq.data}/kahadb" journalMaxFileLength="16mb" journalDiskSyncStrategy="periodic"/>
    </persistenceAdapter>
    <plugins>
      ${plugins}
      <simpleAuthenticationPlugin>
        <users><authenticationUser username="${escaped(username)}" password="${escaped(password)}" groups="admins"/></users>
      </simpleAuthenticationPlugin>
    </plugins>
    <shutdownHooks>
      <bean xmlns="http://www.springframework.org/schema/beans" class="org.apache.activemq.hooks.SpringContextHook"/>
    </shutdownHooks>
    ${
      tls === undefined
        ? ''
        : `<sslContext><sslContext keyStore="file:${tls.pkcs12File}" keyStoreType="pkcs12" keyStorePassword="${tls.pkcs12Password}"/></sslContext>`
    }
    <systemUsage>
      <systemUsage>
        <memoryUsage><memoryUsage percentOfJvmHeap="70"/></memoryUsage>
        <storeUsage><storeUsage limit="1 gb"/></storeUsage>
        <tempUsage><tempUsage limit="256 mb"/></tempUsage>
      </systemUsage>
    </systemUsage>
    <transportConnectors>
      <transportConnector name="stomp" uri="stomp://127.0.0.1:${stompPort}"/>
      ${tls === undefined ? '' : `<transportConnector name="stomp+ssl" uri="stomp+ssl://127.0.0.1:${tls.stompPort}"/>`}
    </transportConnectors>
  </broker>
  <import resource="jetty.xml"/>
</beans>
`;

const replaced = (text: string, from: string, to: string): string => {
  if (!text.includes(from))
    throw new Error(`The jetty.xml of this ActiveMQ has no ${from}; see activemq-files.ts.`);
  return text.replace(from, to);
};

/** The one of the archive, on our port, and with the TLS connector that it has as a comment. */
export const jettyXml = (shipped: string, { webPort, tls }: Settings): string => {
  const onOurPort = replaced(shipped, 'name="port" value="8161"', `name="port" value="${webPort}"`);
  if (tls === undefined) return onOurPort;
  return replaced(
    onOurPort,
    '<!--\n                    Enable this connector',
    `<bean id="TlsConnector" class="org.eclipse.jetty.server.ServerConnector">
       <constructor-arg ref="Server"/>
       <constructor-arg>
         <bean class="org.eclipse.jetty.util.ssl.SslContextFactory$Server">
           <property name="keyStorePath" value="${tls.pkcs12File}"/>
           <property name="keyStoreType" value="PKCS12"/>
           <property name="keyStorePassword" value="${tls.pkcs12Password}"/>
         </bean>
       </constructor-arg>
       <property name="host" value="127.0.0.1"/>
       <property name="port" value="${tls.webPort}"/>
     </bean>
     <!--
                    Enable this connector`,
  );
};

/** In a Java properties file, everything that is not plain goes in as \uXXXX. */
const plain = (text: string): string =>
  text.replace(/[^A-Za-z0-9]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Who may use the web console and Jolokia. */
export const realm = ({ username, password }: Settings): string =>
  `${plain(username)}: ${plain(password)}, admin\n`;

/** By which the web console itself reaches the broker. */
export const credentials = ({ username, password }: Settings): string =>
  `activemq.username=${plain(username)}\nactivemq.password=${plain(password)}\n`;

export const LOG4J = `
rootLogger.level=WARN
rootLogger.appenderRef.console.ref=Console
appender.console.type=Console
appender.console.name=Console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %-5p %c %m%n
`;
